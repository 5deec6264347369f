import { createHash } from 'node:crypto';
import { toCanonicalJson } from './domain/canonical-json.js';

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
  /** Canonical JSON of the payload: with the salt, what the digest is over. */
  readonly payload: string;
}

const LEAF_PREFIX = Buffer.of(0);

/** The leaf of an event. Holds nothing of the payload but its salted digest. */
export function toLeaf({ id, type, time, payload, salt }: LeafSource): Leaf {
  const text = toCanonicalJson(payload);
  const digest = sha256(salt, text).toString('base64');
  const bytes = Buffer.from(toCanonicalJson({ digest, id, time: time.toISOString(), type }));
  return { bytes, hash: sha256(LEAF_PREFIX, bytes), payload: text };
}

/** SHA-256 over the salt and the canonical JSON of a payload. Whoever holds both can show what a leaf stands for. */
export const digestOf = (payload: unknown, salt: Uint8Array): Buffer => sha256(salt, toCanonicalJson(payload));

const sha256 = (prefix: Uint8Array, content: string | Buffer): Buffer => createHash('sha256').update(prefix).update(content).digest();
