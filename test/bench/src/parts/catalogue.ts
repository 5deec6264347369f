import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Platform that the benchmark asks as. */
export const PLATFORM = 'jinan-enrolment';

const OWN = fileURLToPath(new URL('../data', import.meta.resolve('@vouch/catalogue')));

/**
 * Vouch's own catalogue with one difference: its platforms may ask in the whole province and as much as they like, since the benchmark is
 * one platform that stands for all of them.
 */
export async function makeCatalogue(folder: string): Promise<string> {
  const dir = join(folder, 'catalogue');
  await cp(OWN, dir, { recursive: true });
  const file = join(dir, 'clients.yaml');
  const before = await readFile(file, 'utf8');
  const after = before
    .replaceAll("regions: ['3701']", "regions: ['37']")
    .replaceAll(/requestsPerSecond: \d+/g, 'requestsPerSecond: 1000000')
    .replaceAll(/concurrent: \d+/g, 'concurrent: 100000');
  if (after === before) throw new Error(`${file} is not as the benchmark knows it`);
  await writeFile(file, after);
  return dir;
}
