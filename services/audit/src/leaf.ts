import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

/** What is to become a leaf. */
export interface LeafSource {
  /** Event's id. */
  readonly id: string;
  readonly type: string;
  readonly time: Date;
  /** What the digest is over, any JSON. */
  readonly payload: unknown;
  /** Keeps the digest from being guessed once the payload is erased. */
  readonly salt: Uint8Array;
}

/** One leaf of the log. */
export interface Leaf {
  /** Canonical JSON (RFC 8785) of id, type, time and salted digest. */
  readonly bytes: Buffer;
  /** RFC 9162 §2.1.1: SHA-256 of 0x00 and the leaf. */
  readonly hash: Buffer;
}

const LEAF_PREFIX = Buffer.of(0);

/** The leaf of an event. Holds nothing of the payload but its salted digest. */
export function toLeaf({ id, type, time, payload, salt }: LeafSource): Leaf {
  const digest = digestOf(payload, salt);
  const bytes = Buffer.from(canonical({ id, type, time: time.toISOString(), digest: digest.toString('base64') }));
  return { bytes, hash: createHash('sha256').update(LEAF_PREFIX).update(bytes).digest() };
}

/** SHA-256 over the salt and the canonical JSON of a payload. Whoever holds both can show what a leaf stands for. */
export const digestOf = (payload: unknown, salt: Uint8Array): Buffer =>
  createHash('sha256').update(salt).update(canonical(payload)).digest();

function canonical(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new Error('Not a JSON value');
  return text;
}
