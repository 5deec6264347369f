import type { Catalogue, CatalogueFolder } from '@vouch/catalogue';
import { RetryableError } from '@vouch/errors';
import { expect, it } from 'vitest';
import { type CataloguesInEffect, startCatalogues } from './in-effect.js';

const toCatalogue = (version: string) => ({ version }) as Catalogue;

/** A folder that holds what the test puts into it, and a store that can be away. */
async function setup() {
  const listeners = new Set<() => void>();
  const held = { newest: toCatalogue('one'), refused: undefined as CatalogueFolder['refused'] };
  const folder: CatalogueFolder = {
    get newest() {
      return held.newest;
    },
    get refused() {
      return held.refused;
    },
    look: async () => {},
    onNewer(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    [Symbol.asyncDispose]: async () => {},
  };
  const told: string[] = [];
  const store = { away: false };
  let catalogues: CataloguesInEffect | undefined;
  catalogues = await startCatalogues({
    folder,
    versions: {
      async record({ version }) {
        told.push(`try ${version}`);
        if (store.away) throw new RetryableError('unavailable');
        return { sequence: 1, version, previous: undefined, instance: 'a', at: new Date() };
      },
    },
    prepare: ({ version }) => void told.push(`prepare ${version}, in effect ${catalogues?.current.version}`),
    onRecorded: () => void told.push('recorded'),
    logger: { info: () => {}, warn: (_fields, message) => void told.push(message) },
  });
  const put = (version: string) => {
    held.newest = toCatalogue(version);
    for (const listener of listeners) listener();
  };
  return { catalogues, put, told, store, held, listeners };
}

it('takes effect once it is recorded and what asking by it needs is open', async () => {
  const { catalogues, put, told } = await setup();
  expect(catalogues.current.version).toBe('one');
  put('two');
  await catalogues.reload();
  expect(catalogues.standing).toEqual({ version: 'two' });
  expect(told.slice(-3)).toEqual(['try two', 'recorded', 'prepare two, in effect one']);
});

it('does not take effect while it cannot be recorded, says so, and does when it can', async () => {
  const { catalogues, put, told, store } = await setup();
  store.away = true;
  put('two');
  const taken = catalogues.reload();
  await expect
    .poll(() => catalogues.standing, { timeout: 10_000 })
    .toMatchObject({ version: 'one', refused: { reason: 'unrecorded', faults: 0 } });
  expect(catalogues.current.version).toBe('one');
  store.away = false;
  await taken;
  expect(catalogues.standing).toEqual({ version: 'two' });
  expect(told.filter((one) => one.includes('waits until'))).toHaveLength(1);
});

it('tells what the folder refuses, and stops to listen when it is closed', async () => {
  const { catalogues, held, listeners } = await setup();
  const at = new Date();
  held.refused = { at, faults: ['a:1: wrong', 'b:2: wrong'] };
  expect(catalogues.standing).toEqual({ version: 'one', refused: { reason: 'faulty', since: at, faults: 2 } });
  await catalogues[Symbol.asyncDispose]();
  expect(listeners.size).toBe(0);
});

it('closes also while one waits to be recorded', async () => {
  const { catalogues, put, store } = await setup();
  store.away = true;
  put('two');
  await expect.poll(() => catalogues.standing.refused?.reason, { timeout: 10_000 }).toBe('unrecorded');
  await catalogues[Symbol.asyncDispose]();
  expect(catalogues.current.version).toBe('one');
});
