import type { ClientRights } from '@vouch/catalogue';
import { describe, expect, it } from 'vitest';
import { createAdmission } from './admission.js';

const rights = (id: string, requestsPerSecond = 2, maxConcurrent = 10): ClientRights => ({
  id,
  title: { 'zh-CN': id, en: id },
  purposes: [],
  regions: [],
  claimTypes: '*',
  statutoryPurposes: [],
  requestsPerSecond,
  maxConcurrent,
});

function createAt() {
  const clock = { now: 1_000_000 };
  const limits = { maxInFlight: 3, personRequestsPerSecond: 5, failuresPerMinute: 2 };
  return { clock, admission: createAdmission(limits, () => clock.now) };
}

describe('admission', () => {
  it("lets a client's second's worth in, then says when to come again, and serves others meanwhile", () => {
    const { clock, admission } = createAt();
    admission.enterClient(rights('a'))();
    admission.enterClient(rights('a'))();
    expect(() => admission.enterClient(rights('a'))).toThrow(expect.objectContaining({ code: 'rate_limited', retryAfterMs: 500 }));
    admission.enterClient(rights('b'))();
    clock.now += 500;
    admission.enterClient(rights('a'))();
  });

  it('bounds what a client has under way', () => {
    const { admission } = createAt();
    const leave = admission.enterClient(rights('a', 100, 1));
    expect(() => admission.enterClient(rights('a', 100, 1))).toThrow(expect.objectContaining({ code: 'rate_limited' }));
    leave();
    admission.enterClient(rights('a', 100, 1));
  });

  it('bounds what is under way over all, and a release counts once', () => {
    const { admission } = createAt();
    const leaves = ['a', 'b', 'c'].map((id) => admission.enterClient(rights(id)));
    expect(() => admission.enterPerson('p')).toThrow(expect.objectContaining({ code: 'overloaded' }));
    leaves[0]?.();
    leaves[0]?.();
    admission.enterPerson('p');
    expect(() => admission.enterPerson('q')).toThrow(expect.objectContaining({ code: 'overloaded' }));
  });

  it('makes an address wait after too many failed sign-ins, and no other', () => {
    const { clock, admission } = createAt();
    for (let times = 0; times < 2; times += 1) {
      admission.failed('10.0.0.1');
    }
    expect(() => admission.failed('10.0.0.1')).toThrow(expect.objectContaining({ code: 'rate_limited' }));
    admission.failed('10.0.0.2');
    clock.now += 30_000;
    admission.failed('10.0.0.1');
  });
});
