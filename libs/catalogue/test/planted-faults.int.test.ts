import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CatalogueError, loadCatalogue } from '../src/index.js';
import { anyFile } from './planted/any-file.js';
import { claimTypes } from './planted/claim-types.js';
import { evidence } from './planted/evidence.js';
import { parties } from './planted/parties.js';
import { requirementSets } from './planted/requirement-sets.js';

const OWN_DATA = fileURLToPath(new URL('../data', import.meta.url));

const planted = [...anyFile, ...parties, ...claimTypes, ...requirementSets, ...evidence];

describe('a bad catalogue is refused with file, line and remedy', () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'vouch-planted-'));
    await cp(OWN_DATA, dir, { recursive: true });
  });
  afterAll(() => rm(dir, { recursive: true }));

  it('in more than thirty kinds, over every kind of file', () => {
    expect(new Set(planted.map(({ kind }) => kind)).size).toBe(planted.length);
    expect(planted.length).toBeGreaterThanOrEqual(30);
    expect(new Set(planted.map(({ file }) => file.replace(/\/.*/, ''))).size).toBe(9);
  });

  it.each(planted)('$kind', async ({ file, from, to, at = to, told, remedy }) => {
    const good = await readFile(join(dir, file), 'utf8');
    const place = good.indexOf(from);
    expect(place, `${file} has no ${from}`).toBeGreaterThanOrEqual(0);
    await writeFile(
      join(dir, file),
      good.replace(from, () => to),
    );
    const failure = await loadCatalogue({ dir })
      .catch((error: unknown) => error)
      .finally(() => writeFile(join(dir, file), good));
    expect(failure).toBeInstanceOf(CatalogueError);
    const { faults, message } = failure as CatalogueError;
    const fault = faults.find((one) => one.includes(told) && one.includes(remedy));
    expect(fault, faults.join('\n')).toBeDefined();
    expect(fault).toMatch(/^[a-z0-9/-]+\.(yaml|generated\.json):\d+: /);
    expect(message).toContain(fault);
    // What nobody answers for stands where it is asked for.
    if (!fault?.startsWith(`${file}:`)) return expect(told).toMatch(/^no provider/);
    const line = good.slice(0, place).split('\n').length + (at === '' ? 0 : to.slice(0, to.indexOf(at)).split('\n').length - 1);
    // Where nothing was left to point at, the nearest thing around it.
    const said = Number(/:(\d+): /.exec(fault ?? '')?.[1]);
    if (at === '') expect(Math.abs(said - line), fault).toBeLessThanOrEqual(3);
    else expect(said, fault).toBe(line);
  });
});
