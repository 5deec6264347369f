import type { ProviderState } from '@vouch/provider-client';
import { expect, it } from 'vitest';
import { createAgencyHealth } from './agency-health.js';

/** Health over clients whose states the test sets: `a1` and `a2` are providers of agency `a`, `b` of agency `b`. */
function setup() {
  const states: Record<string, ProviderState> = { a1: 'down', a2: 'down', b: 'down' };
  const listeners = new Map<string, () => void>();
  const clients = new Map(
    Object.keys(states).map((id) => [
      id,
      {
        get state() {
          return states[id] ?? 'down';
        },
        onHealthy(listener: () => void) {
          listeners.set(id, listener);
          return () => void listeners.delete(id);
        },
      },
    ]),
  );
  const toProvider = (id: string) => ({ id, agency: id[0] as string, regions: ['37'], address: `${id}:1` });
  const health = createAgencyHealth({ of: ({ id }) => clients.get(id) ?? expect.fail(`nobody knows ${id}`) });
  const follow = (...ids: string[]) => health.follow(ids.map(toProvider));
  follow(...Object.keys(states));
  const go = (id: string, state: ProviderState) => {
    states[id] = state;
    if (state === 'up' || state === 'trial') listeners.get(id)?.();
  };
  return { health, go, listeners, follow };
}

it('lets anybody ask while a provider of one of the agencies is there, and nobody while all are down', () => {
  const { health, go } = setup();
  expect(health.admit(['a', 'b', 'c', 'unknown'])).toBeUndefined();
  go('a2', 'connecting');
  expect(health.admit(['b'])).toBeUndefined();
  expect([health.admit(['a', 'b']), health.admit(['a'])]).toEqual([expect.any(Function), expect.any(Function)]);
});

it('lets one at a time ask an agency that is on trial', () => {
  const { health, go } = setup();
  go('b', 'trial');
  const mayAdmit = health.mayAdmit();
  expect([mayAdmit(['b']), mayAdmit(['a', 'b']), health.mayAdmit()(['b'])]).toEqual([true, false, true]);
  expect(health.untried()).toEqual(['b']);
  const release = health.admit(['a', 'b']);
  expect(release).toBeDefined();
  expect(health.untried()).toEqual([]);
  expect([health.admit(['b']), health.mayAdmit()(['b'])]).toEqual([undefined, false]);
  go('a1', 'up');
  const again = health.mayAdmit();
  expect([again(['a', 'b']), again(['a'])]).toEqual([true, true]);
  release?.();
  expect(health.admit(['b'])).toBeDefined();
});

it('tells who comes back, for what, and when', () => {
  const { health, go, listeners } = setup();
  const told: unknown[] = [];
  const before = Date.now();
  const unlisten = health.onBack((...what) => told.push(what));
  expect(health.backAt('b')).toBe(0);
  go('b', 'trial');
  go('b', 'up');
  // One provider on trial beside one that works: the agency is there.
  go('a1', 'up');
  go('a2', 'trial');
  expect(told).toEqual([
    ['b', 'trial'],
    ['b', 'open'],
    ['a', 'open'],
    ['a', 'open'],
  ]);
  expect(health.backAt('b')).toBeGreaterThanOrEqual(before);
  unlisten();
  go('b', 'up');
  expect(told.length).toBe(4);
  health[Symbol.dispose]();
  expect(listeners.size).toBe(0);
});

it('follows the catalogue: what is new is listened to, what stays goes on, what is gone is let go', () => {
  const { health, go, listeners, follow } = setup();
  go('a1', 'up');
  go('b', 'up');
  const before = listeners.get('a1');
  follow('a1');
  expect(listeners.get('a1')).toBe(before);
  expect([...listeners.keys()]).toEqual(['a1']);
  expect(health.admit(['b'])).toBeUndefined();
  expect(health.admit(['a'])).toBeDefined();
  const told: unknown[] = [];
  health.onBack((agency) => told.push(agency));
  follow('a1', 'b');
  go('b', 'up');
  expect(told).toEqual(['b']);
  expect(health.admit(['b'])).toBeDefined();
});
