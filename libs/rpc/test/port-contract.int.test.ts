import { ERROR_CODES, type ErrorCode, RetryableError, TerminalError, toVouchError, VouchError } from '@vouch/errors';
import type { RedeemRequest, RedeemResponse } from '@vouch/proto/consent/v1/consent';
import { createSpanId, createTraceId } from '@vouch/telemetry';
import { describe, expect, it } from 'vitest';
import type { CallContext } from '../src/index.js';
import { aborted, BINDINGS, gate } from './bindings.js';
import { basis, call, errorOf, never, ready, soon } from './calls.js';

// What both bindings promise for unary methods; port-streams.int.test.ts has the rest.
describe.each(BINDINGS)('a unary method %s', (_name, bind) => {
  it('answers, and tells the implementation who calls, until when, in which trace', async () => {
    const seen = gate<CallContext>();
    await using bound = await bind({
      redemption: {
        getBasis: async (request, context) => {
          seen.open(context);
          return { disclosureAllowed: request.verificationId === 'v1' };
        },
      },
    });
    const deadline = soon(5000);
    const trace = { traceId: createTraceId(), spanId: createSpanId(), sampled: true };
    const answer = await bound.redemption.getBasis(basis, call({ deadline, trace, metadata: { 'X-Colour': 'blue' } }));
    expect(answer).toEqual({ disclosureAllowed: true });
    const context = await seen.opened;
    expect(context.caller).toBe('lookup');
    expect(Math.abs((context.deadline?.getTime() ?? 0) - deadline.getTime())).toBeLessThan(1000);
    expect(context.trace?.traceId).toBe(trace.traceId);
    expect(context.metadata).toMatchObject({ 'x-colour': 'blue' });
    expect(context.signal.aborted).toBe(false);
  });

  it('has a client span and below it a server span, both in the caller’s trace', async () => {
    await using bound = await bind({
      redemption: {
        getBasis: async () => ({ disclosureAllowed: true }),
        renewLease: async () => {
          throw new TerminalError('consent_withdrawn');
        },
      },
    });
    const trace = { traceId: createTraceId(), spanId: createSpanId(), sampled: true };
    await bound.redemption.getBasis(basis, call({ trace }));
    await errorOf(bound.redemption.renewLease({ verificationId: 'v1', leaseMs: 1 }, call({ trace })));
    await expect.poll(() => bound.spans.every((span) => span.ended)).toBe(true);
    const [client, server, failedClient, failedServer] = bound.spans;
    expect(bound.spans).toHaveLength(4);
    expect(client).toMatchObject({ name: 'vouch.consent.v1.RedemptionService/GetBasis', options: { kind: 'client', parent: trace } });
    expect(client?.attributes).toMatchObject({ 'rpc.service': 'vouch.consent.v1.RedemptionService', 'rpc.method': 'GetBasis' });
    expect(server).toMatchObject({ name: client?.name, traceId: trace.traceId, options: { kind: 'server' } });
    expect(server?.options.parent?.spanId).toBe(client?.spanId);
    expect([client?.failed, server?.failed]).toEqual([undefined, undefined]);
    expect([failedClient?.failed, failedServer?.failed]).toEqual(['consent_withdrawn', 'consent_withdrawn']);
  });

  it('copies messages: neither side sees the other’s objects', async () => {
    let given: RedeemRequest | undefined;
    const lease = {
      basisRef: 'b',
      endsAt: new Date(5),
      retentionDays: 3,
      redeemedAt: undefined,
      repeatedRedemption: false,
      heldByAnother: false,
    };
    const answer: RedeemResponse = { result: { $case: 'lease', value: lease } };
    await using bound = await bind({
      redemption: {
        redeem: async (request) => {
          given = request;
          request.platform = 'changed';
          request.parts.pop();
          return answer;
        },
      },
    });
    const request: RedeemRequest = {
      verificationId: 'v1',
      platform: 'jinan',
      purpose: 'school-enrolment',
      region: '370102',
      consentId: '',
      parts: [{ subject: 'child', claimType: 'police.age-on', claimVersion: 1 }],
      persons: { child: { consentPseudonyms: ['k1.a'], auditPseudonym: 'k1.b' } },
      leaseMs: 3000,
      fingerprint: 'f',
      traceparent: '',
    };
    const received = await bound.redemption.redeem(request, call());
    expect(request.platform).toBe('jinan');
    expect(request.parts).toHaveLength(1);
    expect(given).not.toBe(request);
    expect(received).toEqual(answer);
    expect(received).not.toBe(answer);
  });

  it('fails with the code, texts and facts that the implementation gave', async () => {
    const thrown = new RetryableError('request_invalid', {
      detail: 'Two faults – 两处错误',
      faults: [
        { pointer: '/subjects/child/idNumber', code: 'id_number_check_digit', detail: 'The check digit is wrong' },
        { pointer: '', code: 'required', detail: '缺少字段' },
      ],
      retryAfterMs: 61_500,
      verificationId: '0198c0de-0000-7000-8000-000000000001',
      cause: new Error('a secret'),
    });
    await using bound = await bind({
      redemption: {
        getBasis: async () => {
          throw thrown;
        },
      },
    });
    const error = await errorOf(bound.redemption.getBasis(basis, call()));
    expect(error).toBeInstanceOf(RetryableError);
    const { code, detail, faults, retryAfterMs, verificationId } = thrown;
    expect(error).toMatchObject({ code, detail, faults, retryAfterMs, verificationId });
  });

  it('carries every code, terminal or retryable as it is', async () => {
    await using bound = await bind({
      redemption: {
        getBasis: async ({ verificationId }) => {
          throw toVouchError(verificationId as ErrorCode);
        },
      },
    });
    for (const code of Object.keys(ERROR_CODES) as ErrorCode[]) {
      const error = await errorOf(bound.redemption.getBasis({ verificationId: code }, call()));
      expect(error.code).toBe(code);
      expect(error.retryable).toBe(toVouchError(code).retryable);
    }
  });

  it('hides an error that nobody foresaw behind a fixed text and the trace id, and logs it', async () => {
    await using bound = await bind({
      redemption: {
        getBasis: async () => {
          throw new Error('the row of a person');
        },
      },
    });
    const trace = { traceId: createTraceId(), spanId: createSpanId(), sampled: true };
    const error = await errorOf(bound.redemption.getBasis(basis, call({ trace })));
    expect(error).toBeInstanceOf(TerminalError);
    expect(error.code).toBe('internal');
    expect(error.detail).toBe(`Something went wrong here (trace ${trace.traceId})`);
    expect(error.message).not.toContain('person');
    const line = JSON.parse(bound.log.find((text) => text.includes('"level":"error"')) ?? '{}');
    expect(line).toMatchObject({ trace: trace.traceId, method: '/vouch.consent.v1.RedemptionService/GetBasis' });
    expect(line.err.message).toBe('the row of a person');
  });

  it('treats what is thrown before a promise exists like any other error', async () => {
    await using bound = await bind({
      redemption: {
        getBasis: () => {
          throw new TerminalError('consent_expired');
        },
      },
    });
    expect((await errorOf(bound.redemption.getBasis(basis, call()))).code).toBe('consent_expired');
  });

  it('is internal when the answer cannot be encoded', async () => {
    await using bound = await bind({ redemption: { getBasis: async () => undefined as never } });
    expect((await errorOf(bound.redemption.getBasis(basis, call()))).code).toBe('internal');
  });

  it('is route_not_found where the implementation lacks the method', async () => {
    await using bound = await bind({});
    expect((await errorOf(bound.redemption.getBasis(basis, call()))).code).toBe('route_not_found');
  });

  it('ends at its deadline though the implementation hangs, which learns why', async () => {
    const hung = gate<AbortSignal>();
    await using bound = await bind({
      redemption: {
        ...ready,
        renewLease: (_request, { signal }) => {
          hung.open(signal);
          return never();
        },
      },
    });
    await bound.redemption.getBasis(basis, call());
    const error = await errorOf(bound.redemption.renewLease({ verificationId: 'v1', leaseMs: 1 }, call({ deadline: soon() })));
    expect(error).toBeInstanceOf(RetryableError);
    expect(error.code).toBe('deadline_exceeded');
    expect(await aborted(await hung.opened)).toMatchObject({ code: 'deadline_exceeded' });
    await expect
      .poll(() => bound.spans.slice(2).map((span) => [span.ended, span.failed]))
      .toEqual([
        [true, 'deadline_exceeded'],
        [true, 'deadline_exceeded'],
      ]);
  });

  it('does not hang without a deadline either', async () => {
    await using bound = await bind({ redemption: { getBasis: never } }, { defaultTimeoutMs: 60 });
    expect((await errorOf(bound.redemption.getBasis(basis, call()))).code).toBe('deadline_exceeded');
  });

  it('does not reach the implementation after its deadline', async () => {
    let ran = 0;
    await using bound = await bind({
      redemption: {
        getBasis: async () => {
          ran += 1;
          return { disclosureAllowed: true };
        },
      },
    });
    expect((await errorOf(bound.redemption.getBasis(basis, call({ deadline: new Date(Date.now() - 1) })))).code).toBe('deadline_exceeded');
    expect(ran).toBe(0);
  });

  it('rejects with the signal’s reason when the caller gives up, and the implementation learns of it', async () => {
    const hung = gate<AbortSignal>();
    await using bound = await bind({
      redemption: {
        getBasis: (_request, { signal }) => {
          hung.open(signal);
          return never();
        },
      },
    });
    const stop = new AbortController();
    const answer = bound.redemption.getBasis(basis, call({ signal: stop.signal }));
    const theirs = await hung.opened;
    const reason = new Error('changed my mind');
    stop.abort(reason);
    await expect(answer).rejects.toBe(reason);
    expect(await aborted(theirs)).toBeInstanceOf(VouchError);
  });

  it('is not even tried when the signal is aborted already', async () => {
    let ran = 0;
    await using bound = await bind({
      redemption: {
        getBasis: async () => {
          ran += 1;
          return { disclosureAllowed: true };
        },
      },
    });
    const reason = new Error('too late');
    await expect(bound.redemption.getBasis(basis, call({ signal: AbortSignal.abort(reason) }))).rejects.toBe(reason);
    expect(ran).toBe(0);
  });

  it('serves many calls at once, under one signal too', async () => {
    await using bound = await bind({
      redemption: { getBasis: async ({ verificationId }) => ({ disclosureAllowed: Number(verificationId) % 2 === 0 }) },
    });
    const shared = call();
    const answers = await Promise.all(
      Array.from({ length: 300 }, (_, i) => bound.redemption.getBasis({ verificationId: String(i) }, shared)),
    );
    expect(answers.map((answer) => answer.disclosureAllowed)).toEqual(answers.map((_, i) => i % 2 === 0));
  });
});
