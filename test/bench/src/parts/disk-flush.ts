import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { median } from '../report/statistics.js';

const BYTES = Buffer.alloc(8_192, 'v');
const TIMES = 100;

/** Milliseconds that one flush of 8 KiB to the disk of a folder takes, the median of a hundred: what a commit has to wait for. */
export async function measureFlush(folder: string): Promise<number> {
  const path = join(folder, 'flush');
  const file = await open(path, 'w');
  const times: number[] = [];
  try {
    for (let turn = 0; turn < TIMES; turn += 1) {
      const since = performance.now();
      await file.write(BYTES, 0, BYTES.length, (turn % 16) * BYTES.length);
      await file.datasync();
      times.push(performance.now() - since);
    }
  } finally {
    await file.close();
    await rm(path, { force: true });
  }
  return median(times);
}
