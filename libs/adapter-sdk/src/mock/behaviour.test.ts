import { Outcome } from '@vouch/proto/evidence/v1/evidence';
import { Faults } from '@vouch/proto/mock/v1/mock';
import { describe, expect, it } from 'vitest';
import { createBehaviour, type MockProfile } from './behaviour.js';

// 23:59:59 in Shanghai.
const LATE = Date.parse('2026-08-31T15:59:59.000Z');

function mock(profile: MockProfile, quota = { perSecond: 0, perDay: 0 }) {
  let at = LATE;
  const numbers: number[] = [];
  const behaviour = createBehaviour({ profile, quota, now: () => at, random: () => numbers.shift() ?? 0.5 });
  return { behaviour, draw: (...next: number[]) => numbers.push(...next), pass: (ms: number) => (at += ms) };
}

describe('a profile', () => {
  it('instant does nothing and declares no quota', () => {
    const { behaviour } = mock('instant', { perSecond: 1, perDay: 1 });
    for (let query = 0; query < 5; query += 1) expect(behaviour.intercept()).toBeUndefined();
    expect(behaviour.quota()).toEqual({ perSecond: 0, perDay: 0 });
  });

  it('realistic takes its time, and times out at five seconds', () => {
    const { behaviour, draw } = mock('realistic');
    // Box–Muller with cos(π/2): the median.
    draw(0.5, 0.25);
    expect(behaviour.intercept()?.delayMs).toBeCloseTo(200, 3);
    draw(0.99999, 0);
    expect(behaviour.intercept()).toMatchObject({ delayMs: 5000, fault: { fault: { code: 'agency_timeout', retryable: true } } });
  });

  it('brisk takes a tenth of that, so that it hardly ever times out', () => {
    const { behaviour, draw } = mock('brisk');
    draw(0.5, 0.25);
    expect(behaviour.intercept()?.delayMs).toBeCloseTo(20, 3);
    draw(0.999, 0);
    const slow = behaviour.intercept();
    expect(slow?.delayMs).toBeGreaterThan(500);
    expect(slow?.fault).toBeUndefined();
  });

  it('has a daily cap that ends at midnight in Shanghai', () => {
    const { behaviour, pass } = mock('brisk', { perSecond: 0, perDay: 2 });
    const codes = () => behaviour.intercept()?.fault?.fault;
    expect([codes(), codes()]).toEqual([undefined, undefined]);
    expect(codes()).toMatchObject({ code: 'daily_cap_reached', retryable: true, retryAfterMs: 1000 });
    pass(1000);
    expect(codes()).toBeUndefined();
  });
});

describe('a fault', () => {
  it('quota lets so many through a second', () => {
    const { behaviour, pass } = mock('instant');
    behaviour.setFaults(Faults.create({ quotaPerSecond: 2 }));
    expect(behaviour.quota().perSecond).toBe(2);
    expect([behaviour.intercept(), behaviour.intercept()]).toEqual([undefined, undefined]);
    pass(400);
    expect(behaviour.intercept()?.fault?.fault).toMatchObject({ code: 'quota_exhausted', retryAfterMs: 600 });
    pass(600);
    expect(behaviour.intercept()).toBeUndefined();
  });

  it('error rate hits its share with its code', () => {
    const { behaviour, draw } = mock('instant');
    behaviour.setFaults(Faults.create({ errorRate: 0.3, errorCode: 'parameters_invalid' }));
    draw(0.29, 0.31);
    expect(behaviour.intercept()?.fault?.fault).toMatchObject({ code: 'parameters_invalid', retryable: false });
    expect(behaviour.intercept()).toBeUndefined();
  });

  it('wrong shape spoils answers in three ways', () => {
    const { behaviour } = mock('instant');
    behaviour.setFaults(Faults.create({ wrongShape: true }));
    const answer = {
      queryId: 'q',
      result: { $case: 'finding' as const, value: { outcome: Outcome.CONFIRMED, asOf: '', disclosures: {} } },
    };
    const spoilt = [1, 2, 3].map(() => behaviour.intercept()?.distort?.(answer));
    expect(spoilt[0]?.result).toMatchObject({ value: { disclosures: { undeclared: expect.anything() } } });
    expect(spoilt[1]?.result).toMatchObject({ value: { outcome: 99 } });
    expect(spoilt[2]?.queryId).toBe('');
  });

  it('latency replaces the usual one, without its timeout', () => {
    const { behaviour } = mock('realistic');
    behaviour.setFaults(Faults.create({ latency: { p50Ms: 9000, p99Ms: 0 } }));
    expect(behaviour.intercept()).toEqual({ delayMs: 9000 });
  });
});
