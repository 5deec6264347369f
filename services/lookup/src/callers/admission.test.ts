import type { ClientLimits, ClientRights } from '@vouch/catalogue';
import { describe, expect, it } from 'vitest';
import { createAdmission } from './admission.js';

const rights = (id: string, limits: Partial<ClientLimits> = {}): ClientRights => ({
  id,
  title: { 'zh-CN': id, en: id },
  purposes: [],
  regions: [],
  claimTypes: '*',
  statutoryPurposes: [],
  limits: { requestsPerSecond: 2, burst: 2, concurrent: 10, ...limits },
});

function createAt() {
  const clock = { now: 1_000_000 };
  const limits = { maxInFlight: 3, personRequestsPerSecond: 5, failuresPerMinute: 2 };
  return { clock, admission: createAdmission(limits, () => clock.now) };
}

describe('admission', () => {
  it("lets a client's burst in, then says when to come again, and serves others meanwhile", () => {
    const { clock, admission } = createAt();
    const comeAndGo = (id: string) => {
      const entry = admission.enterClient(rights(id));
      entry.leave();
      return entry;
    };
    expect(comeAndGo('a')).toMatchObject({ allowance: { remaining: 1, fullInS: 1, free: 9 } });
    expect(comeAndGo('a').refusal).toBeUndefined();
    expect(comeAndGo('a')).toMatchObject({
      refusal: { code: 'rate_limited', retryAfterMs: 500 },
      allowance: { remaining: 0, fullInS: 1, free: 10 },
    });
    expect(comeAndGo('b').refusal).toBeUndefined();
    clock.now += 500;
    expect(comeAndGo('a').refusal).toBeUndefined();
  });

  it('lets no more than the burst in after however long a quiet time', () => {
    const { clock, admission } = createAt();
    const asking = rights('a', { requestsPerSecond: 1, burst: 4 });
    const letIn = (): number => {
      let count = 0;
      for (let n = 0; n < 10; n += 1) {
        const { refusal, leave } = admission.enterClient(asking);
        if (!refusal) count += 1;
        leave();
      }
      return count;
    };
    expect(letIn()).toBe(4);
    clock.now += 3_600_000;
    expect(letIn()).toBe(4);
  });

  it('bounds what a client has under way', () => {
    const { admission } = createAt();
    const one = rights('a', { requestsPerSecond: 100, burst: 100, concurrent: 1 });
    const { leave, allowance } = admission.enterClient(one);
    expect(allowance.free).toBe(0);
    expect(admission.enterClient(one)).toMatchObject({ refusal: { code: 'rate_limited' }, allowance: { free: 0 } });
    leave();
    expect(admission.enterClient(one).refusal).toBeUndefined();
  });

  it('bounds what is under way over all, and leaving counts once', () => {
    const { admission } = createAt();
    const entries = ['a', 'b', 'c'].map((id) => admission.enterClient(rights(id)));
    expect(admission.enterPerson('p')).toMatchObject({ refusal: { code: 'overloaded' } });
    entries[0]?.leave();
    entries[0]?.leave();
    expect(admission.enterPerson('p').refusal).toBeUndefined();
    expect(admission.enterPerson('q')).toMatchObject({ refusal: { code: 'overloaded' } });
    expect(admission.inFlight).toBe(3);
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
