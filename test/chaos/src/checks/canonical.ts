import { createHash } from 'node:crypto';

/** JSON with sorted keys and no spaces (RFC 8785), so that equal values are equal texts. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value instanceof Date) return JSON.stringify(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`);
  return `{${members.join(',')}}`;
}

/** SHA-256 of a salt and the canonical form of a value: how the audit keeps an answer or a payload without keeping it. */
export const saltedDigest = (salt: Buffer, value: unknown): Buffer => createHash('sha256').update(salt).update(canonical(value)).digest();

/** RFC 9162 §2.1.1. */
export const leafHash = (leaf: Buffer): Buffer => createHash('sha256').update(Buffer.of(0)).update(leaf).digest();
