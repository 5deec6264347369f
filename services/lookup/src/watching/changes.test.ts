import { setMaxListeners } from 'node:events';
import { silentLogger } from '@vouch/telemetry';
import { expect, it } from 'vitest';
import { createChanges } from './changes.js';

/** Changes of rows in memory; `looks` are the ids of each look. */
function setup() {
  const rows = new Map<string, string>();
  const looks: (readonly string[])[] = [];
  let failing = false;
  const look = async (ids: readonly string[]) => {
    looks.push(ids);
    if (failing) throw new Error('the store is away');
    return new Map(ids.flatMap((id) => (rows.has(id) ? [[id, rows.get(id) ?? '']] : [])));
  };
  const changes = createChanges({ look, logger: silentLogger, everyMs: 1 });
  return { rows, looks, changes, fail: (now: boolean) => (failing = now) };
}

const forever = new AbortController().signal;
setMaxListeners(0, forever);

it('looks for all who wait at once, however many they are, and not at all when nobody does', async () => {
  const { rows, looks, changes } = setup();
  const ids = Array.from({ length: 300 }, (_, index) => `v${index}`);
  for (const id of ids) rows.set(id, '1');
  const waiting = [...ids, ...ids].map((id) => changes.next(id, '1', forever));
  await expect.poll(() => looks.length).toBeGreaterThan(2);
  // The first look has whoever was there by then; each later one has all, each id once.
  expect([...(looks[2] ?? [])].sort()).toEqual([...ids].sort());
  for (const id of ids) rows.set(id, '2');
  expect(await Promise.all(waiting)).toEqual(Array(600).fill(true));
  const { length } = looks;
  expect(await changes.next('v0', '1', forever)).toBe(true);
  expect(looks.slice(length)).toEqual([['v0']]);
});

it('tells at once what had changed before somebody waited, and what this process commits', async () => {
  const { rows, changes } = setup();
  rows.set('a', '2');
  expect(await changes.next('a', '1', forever)).toBe(true);
  const waiting = changes.next('a', '2', forever);
  changes.committed('a');
  expect(await waiting).toBe(true);
});

it('goes on when the store was away', async () => {
  const { rows, looks, changes, fail } = setup();
  fail(true);
  const waiting = changes.next('a', '1', forever);
  await expect.poll(() => looks.length).toBeGreaterThan(1);
  rows.set('a', '2');
  fail(false);
  expect(await waiting).toBe(true);
});

it('ends for who goes away, and for all when it stops', async () => {
  const { changes } = setup();
  const leaving = new AbortController();
  const [left, stayed] = [changes.next('a', '1', leaving.signal), changes.next('a', '1', forever)];
  leaving.abort();
  expect(await left).toBe(false);
  expect(await changes.next('a', '1', leaving.signal)).toBe(false);
  await changes[Symbol.asyncDispose]();
  expect(await stayed).toBe(false);
  expect(await changes.next('a', '1', forever)).toBe(false);
});
