import { randomFillSync } from 'node:crypto';

// Random bytes come out of a pool: one system call for hundreds of salts and nonces. What was handed out is wiped here.
const pool = Buffer.alloc(4096);
let used = pool.length;

/** Fresh bytes of the system's generator, at most 1024; for the salts and nonces that every lookup needs. */
export function createRandomBytes(size: number): Buffer {
  if (used + size > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const bytes = Buffer.from(pool.subarray(used, used + size));
  pool.fill(0, used, used + size);
  used += size;
  return bytes;
}
