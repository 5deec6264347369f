/**
 * Hash slots of an outbox. A constant: rows carry their slot, and relays of different versions must agree. Few, since a transaction writes a row
 * for each that it has events for; as many instances can share the relaying.
 */
export const SLOTS = 4;

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** A number from 0 to `count` - 1 that is always the same for a key (FNV-1a). */
export function slotOf(key: string, count: number = SLOTS): number {
  let hash = FNV_OFFSET;
  for (let index = 0; index < key.length; index++) hash = Math.imul(hash ^ key.charCodeAt(index), FNV_PRIME);
  return (hash >>> 0) % count;
}
