import { expect, it } from 'vitest';
import { drive, RefusedError } from './drive.js';

const soon = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('uses each lookup once, with no more callers than said, and stops when there are none left', async () => {
  const used: number[] = [];
  let underWay = 0;
  let most = 0;
  const driven = await drive(
    async (index) => {
      used.push(index);
      underWay += 1;
      most = Math.max(most, underWay);
      await soon();
      underWay -= 1;
      return `id-${index}`;
    },
    { from: 10, to: 30, ms: 60_000, callers: 4 },
  );
  expect(used.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index + 10));
  expect(most).toBe(4);
  expect(driven).toMatchObject({ begun: 20, failed: 0, exhausted: true });
  expect(driven.ids).toHaveLength(20);
  expect(driven.latencies).toHaveLength(20);
});

it('counts what failed and keeps the first reason', async () => {
  const driven = await drive(
    async (index) => {
      await soon();
      if (index % 2 === 1) throw new Error(`lookup ${index} failed`);
      return '';
    },
    { from: 0, to: 10, ms: 60_000, callers: 1 },
  );
  expect(driven).toMatchObject({ begun: 10, failed: 5, firstFailure: 'lookup 1 failed' });
  expect(driven.latencies).toHaveLength(5);
});

it('does not wait for answers in an open loop', async () => {
  let underWay = 0;
  let most = 0;
  const driven = await drive(
    async () => {
      underWay += 1;
      most = Math.max(most, underWay);
      while (most < 20) await soon();
      underWay -= 1;
      return '';
    },
    { from: 0, to: 50, ms: 60_000, callers: 100, perSecond: 2_000 },
  );
  expect(most).toBeGreaterThanOrEqual(20);
  expect(driven.begun).toBe(50);
});

it('asks again what was refused, unless it is to be let go', async () => {
  const refuseFirst = () => {
    const seen = new Set<number>();
    return async (index: number) => {
      await soon();
      if (index % 2 === 1 && !seen.has(index)) {
        seen.add(index);
        throw new RefusedError('busy', 1);
      }
      return `id-${index}`;
    };
  };
  const plan = { from: 0, to: 10, ms: 60_000, callers: 3 };
  const repeated = await drive(refuseFirst(), plan);
  expect(repeated).toMatchObject({ begun: 10, refused: 5, failed: 0 });
  expect(repeated.ids).toHaveLength(10);
  const letGo = await drive(refuseFirst(), { ...plan, refusals: 'let go' });
  expect(letGo).toMatchObject({ begun: 10, refused: 5, failed: 0 });
  expect(letGo.ids).toHaveLength(5);
});
