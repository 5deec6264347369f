import { toVouchError } from '@vouch/errors';
import type { RedeemManyRequest, RedeemManyResponse, RedeemResult } from '@vouch/proto/consent/v1/consent';
import { silentTracer } from '@vouch/telemetry';
import { describe, expect, it, vi } from 'vitest';
import { type Redeem, redeemTogether } from './redeem-together.js';

const request = (verificationId: string): Parameters<Redeem>[0] => ({
  verificationId,
  platform: 'p',
  purpose: 'school-enrolment',
  region: '370102',
  consentId: '',
  parts: [],
  persons: {},
  leaseMs: 1000,
  fingerprint: 'f',
});

const refusal = (code: string): RedeemResult => ({ result: { $case: 'refusal', value: { code } } });
const inTime = () => ({ deadline: new Date(Date.now() + 5_000) });

/** A consent service whose calls are seen, and answered by hand. */
function heldPort() {
  const calls: string[][] = [];
  const answers: ((answer: RedeemManyResponse | Error) => void)[] = [];
  const redeemMany = ({ requests }: RedeemManyRequest) => {
    calls.push(requests.map(({ verificationId }) => verificationId));
    return new Promise<RedeemManyResponse>((resolve, reject) => {
      answers.push((answer) => (answer instanceof Error ? reject(answer) : resolve(answer)));
    });
  };
  const redeem = redeemTogether({ redeemMany }, silentTracer);
  return { calls, redeem, answer: (answer: RedeemManyResponse | Error) => answers.shift()?.(answer) };
}

describe('redeeming together', () => {
  it('sends a lone redemption at once, and what comes while two calls are out in one', async () => {
    const { calls, redeem, answer } = heldPort();
    const first = redeem(request('a'), inTime());
    await vi.waitFor(() => expect(calls).toEqual([['a']]));
    const second = redeem(request('b'), inTime());
    await vi.waitFor(() => expect(calls).toEqual([['a'], ['b']]));
    const rest = ['c', 'd', 'e'].map((id) => redeem(request(id), inTime()));
    answer({ results: [refusal('of-a')] });
    expect(await first).toEqual(refusal('of-a').result);
    await vi.waitFor(() => expect(calls).toEqual([['a'], ['b'], ['c', 'd', 'e']]));
    answer({ results: [refusal('of-b')] });
    answer({ results: ['of-c', 'of-d', 'of-e'].map(refusal) });
    expect(await second).toEqual(refusal('of-b').result);
    expect(await Promise.all(rest)).toEqual(['of-c', 'of-d', 'of-e'].map((code) => refusal(code).result));
  });

  it('fails one alone when the service says so, with its code', async () => {
    const { calls, redeem, answer } = heldPort();
    const [good, bad] = [redeem(request('a'), inTime()), redeem(request('b'), inTime())];
    await vi.waitFor(() => expect(calls).toEqual([['a', 'b']]));
    answer({ results: [refusal('no'), { result: { $case: 'fault', value: { code: 'overloaded', retryAfterMs: 300 } } }] });
    await expect(bad).rejects.toMatchObject({ code: 'overloaded', retryable: true, retryAfterMs: 300 });
    expect(await good).toEqual(refusal('no').result);
  });

  it('fails all of a call that fails', async () => {
    const { calls, redeem, answer } = heldPort();
    const both = Promise.allSettled([redeem(request('a'), inTime()), redeem(request('b'), inTime())]);
    await vi.waitFor(() => expect(calls).toEqual([['a', 'b']]));
    answer(toVouchError('unavailable'));
    for (const settled of await both) expect(settled).toMatchObject({ reason: { code: 'unavailable' } });
  });

  it('waits no longer than each has time, and lets others pass a call that is not answered', async () => {
    const { calls, redeem } = heldPort();
    for (const id of ['a', 'b']) {
      const late = redeem(request(id), { deadline: new Date(Date.now() + 20) });
      await expect(late).rejects.toMatchObject({ code: 'deadline_exceeded' });
    }
    expect(calls).toEqual([['a'], ['b']]);
    // Whose time is over before their turn is not redeemed: it would use up a consent for nobody.
    const over = redeem(request('over'), { deadline: new Date(Date.now() + 20) });
    await expect(over).rejects.toMatchObject({ code: 'deadline_exceeded' });
    void redeem(request('c'), inTime());
    await vi.waitFor(() => expect(calls.at(-1)).toEqual(['c']), 2_000);
    expect(calls.flat()).not.toContain('over');
  });
});
