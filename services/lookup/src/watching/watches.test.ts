import { TerminalError } from '@vouch/errors';
import { expect, it } from 'vitest';
import type { Verification } from '../keeping/verification.js';
import type { Shown } from '../verifying/lookup.js';
import type { Changes } from './changes.js';
import { createWatches, type Following } from './watches.js';

const shown = (sequence: number, status: Verification['status'], kind: Shown['kind'] = 'answer'): Shown => ({
  kind,
  verification: { id: 'v', sequence, status } as Verification,
});

/** Watches over a script: each look tells of a change or not, each read gives the next state. */
function setup(looks: boolean[], states: (Shown | Error)[]) {
  const changes: Changes = {
    next: async () => looks.shift() ?? false,
    committed: () => {},
    stopped: false,
    [Symbol.asyncDispose]: async () => {},
  };
  const read = async () => {
    const state = states.shift();
    if (!state || state instanceof Error) throw state ?? new Error('read too often');
    return state;
  };
  return createWatches({ read, changes, quietMs: 60_000 });
}

async function take(watches: ReturnType<typeof setup>, overrides: Partial<Following> = {}): Promise<unknown[]> {
  const { signal } = new AbortController();
  const following = { clientId: 'c', id: 'v', signal, after: 0, first: shown(1, 'pending'), assertAllowed: async () => {}, ...overrides };
  const taken: unknown[] = [];
  try {
    for await (const one of watches.follow(following)) taken.push(one === 'quiet' ? one : one.verification.sequence);
  } catch (failure) {
    taken.push(failure);
  }
  return taken;
}

it('follows to the end, says when it is quiet, and leaves out what was seen', async () => {
  expect(await take(setup([false, true, true], [shown(2, 'pending'), shown(3, 'complete')]))).toEqual([1, 'quiet', 2, 3]);
  expect(await take(setup([true], [shown(2, 'closed')]), { after: 1 })).toEqual([2]);
  expect(await take(setup([], []), { after: 2, first: shown(2, 'complete') })).toEqual([]);
});

it('ends with what is gone, even when its sequence was seen', async () => {
  expect(await take(setup([true], [shown(1, 'complete', 'gone')]))).toEqual([1, 1]);
});

it('asks for the right to watch again while nothing happens, and with each state', async () => {
  const expired = new TerminalError('token_expired');
  expect(await take(setup([false], []), { assertAllowed: () => Promise.reject(expired) })).toEqual([1, expired]);
  const forbidden = new TerminalError('region_not_allowed');
  expect(await take(setup([true], [forbidden]))).toEqual([1, forbidden]);
});
