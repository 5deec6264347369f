import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDayCount } from './day-count.js';
import { batchShareOf, createQuota } from './quota.js';
import type { Priority } from './types.js';

// 09:00 in Shanghai.
const MORNING = Date.UTC(2026, 8, 1, 1);
const HOUR_MS = 3_600_000;

function createDeclared(perSecond: number, perDay = 0, share?: number) {
  const quota = createQuota(share);
  quota.declare(perSecond, perDay);
  const takeAll = (priority: Priority, now: number, most = 10_000): number => {
    let taken = 0;
    while (taken < most && quota.take(priority, now)) taken += 1;
    return taken;
  };
  return { quota, takeAll };
}

describe('a quota a second', () => {
  it('is shared, and people may use all of it', () => {
    const { takeAll } = createDeclared(10);
    expect(takeAll('interactive', MORNING)).toBe(10);
    expect(takeAll('batch', MORNING)).toBe(0);
    expect(takeAll('interactive', MORNING + 1000)).toBe(10);
  });

  it('leaves a tenth to people, and batches spread what they use, so that a person never waits for the next second', () => {
    const { quota, takeAll } = createDeclared(100);
    let used = 0;
    for (let at = 0; at < 1000; at += 10) used += takeAll('batch', MORNING + at);
    expect(used).toBe(90);
    expect(takeAll('interactive', MORNING + 999)).toBe(10);
    // What the batch used at the beginning of the second is free again at its end: the wait is short, not a second.
    expect(quota.waitMs('interactive', MORNING + 999)).toBeLessThanOrEqual(100);
  });

  it('of one is used by whoever comes', () => {
    expect(createDeclared(1).takeAll('batch', MORNING)).toBe(1);
    expect([1, 2, 10, 15, 100].map(batchShareOf)).toEqual([1, 1, 9, 13, 90]);
  });

  it('is kept in every second, whoever asks, and the wait is long enough and not too long', () => {
    const steps = fc.array(fc.tuple(fc.nat(300), fc.nat(50), fc.constantFrom<Priority>('interactive', 'batch')), { maxLength: 60 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), steps, fc.constantFrom<Priority>('interactive', 'batch'), (perSecond, wishes, last) => {
        const { quota, takeAll } = createDeclared(perSecond);
        const sent: { at: number; count: number }[] = [];
        let now = MORNING;
        for (const [passed, wanted, priority] of wishes) {
          now += passed;
          sent.push({ at: now, count: takeAll(priority, now, wanted) });
          const lastSecond = sent.filter(({ at }) => at > now - 1000).reduce((sum, { count }) => sum + count, 0);
          expect(lastSecond).toBeLessThanOrEqual(perSecond);
        }
        const wait = quota.waitMs(last, now);
        expect(wait).toBeLessThanOrEqual(1000);
        if (wait > 0) expect(quota.waitMs(last, now + wait - 1)).toBeGreaterThan(0);
        expect(quota.waitMs(last, now + wait)).toBe(0);
      }),
    );
  });

  it('that is declared again, as at each connection, is not given anew', () => {
    const { quota, takeAll } = createDeclared(10);
    expect(takeAll('interactive', MORNING)).toBe(10);
    quota.declare(10, 0);
    expect(takeAll('interactive', MORNING + 1)).toBe(0);
  });

  it('is divided among processes that share it, and leaves each at least one', () => {
    expect(createDeclared(10, 0, 0.5).takeAll('interactive', MORNING)).toBe(5);
    expect(createDeclared(1, 0, 0.25).takeAll('interactive', MORNING)).toBe(1);
  });
});

describe('a quota a day', () => {
  it('ends at midnight in Shanghai; batches leave a tenth to people', () => {
    const { quota, takeAll } = createDeclared(0, 20);
    expect(takeAll('batch', MORNING)).toBe(18);
    expect(takeAll('interactive', MORNING)).toBe(2);
    expect(quota.waitMs('interactive', MORNING)).toBe(15 * HOUR_MS);
    expect(takeAll('interactive', MORNING + 15 * HOUR_MS - 1)).toBe(0);
    expect(takeAll('interactive', MORNING + 15 * HOUR_MS)).toBe(20);
  });

  it('that is counted together is not given anew to whoever goes on with the count, and the next day is', () => {
    const day = { count: createDayCount(), share: 0.5 };
    const before = createQuota(1, day);
    before.declare(0, 40);
    for (let asked = 0; asked < 15; asked += 1) expect(before.take('interactive', MORNING)).toBe(true);
    const after = createQuota(0.25, day);
    after.declare(0, 40);
    const takeAll = (priority: Priority, now: number): number => (after.take(priority, now) ? 1 + takeAll(priority, now) : 0);
    expect(takeAll('batch', MORNING + 1)).toBe(3);
    expect(takeAll('interactive', MORNING + 1)).toBe(2);
    expect(takeAll('interactive', MORNING + 15 * HOUR_MS)).toBe(20);
    // By whose clock it is yesterday again, finds it used up as it is.
    const late = createQuota(1, day);
    late.declare(0, 40);
    expect(late.take('interactive', MORNING)).toBe(false);
  });

  it('is not given anew by a clock that is set back over midnight', () => {
    const { takeAll } = createDeclared(0, 5);
    expect(takeAll('interactive', MORNING)).toBe(5);
    expect(takeAll('interactive', MORNING - 24 * HOUR_MS)).toBe(0);
  });
});

it('heeds an agency that says its quota is spent, for as long as it says, a minute at most', () => {
  const { quota, takeAll } = createDeclared(0);
  quota.spent(250, MORNING);
  expect(takeAll('interactive', MORNING)).toBe(0);
  expect(quota.waitMs('batch', MORNING)).toBe(250);
  expect(quota.take('interactive', MORNING + 250)).toBe(true);
  quota.spent(HOUR_MS, MORNING);
  expect(quota.waitMs('interactive', MORNING)).toBe(60_000);
});
