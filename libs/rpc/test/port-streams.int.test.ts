import { RetryableError, TerminalError, VouchError } from '@vouch/errors';
import type { CheckStreamRequest, WatchResponse } from '@vouch/proto/evidence/v1/evidence';
import { createSpanId, createTraceId } from '@vouch/telemetry';
import { describe, expect, it } from 'vitest';
import type { CallContext } from '../src/index.js';
import { aborted, BINDINGS, gate } from './bindings.js';
import { basis, call, cancel, cancellations, collect, errorOf, never, ready, settle, soon, window } from './calls.js';

// What both bindings promise for streams; port-contract.int.test.ts has unary methods.
describe.each(BINDINGS)('a port %s', (_name, bind) => {
  describe('server streaming', () => {
    const notice = (cursor: string): WatchResponse => ({ cursor, claimType: 'housing.owns-home' });

    it('delivers all messages in order', async () => {
      await using bound = await bind({
        evidence: {
          async *watch({ cursor }) {
            for (let i = 0; i < 500; i++) yield notice(`${cursor}${i}`);
          },
        },
      });
      const notices = await collect(bound.evidence.watch({ cursor: 'c' }, call()));
      expect(notices.map(({ cursor }) => cursor)).toEqual(Array.from({ length: 500 }, (_, i) => `c${i}`));
    });

    it('delivers what came before a failure, then the failure', async () => {
      await using bound = await bind({
        evidence: {
          async *watch() {
            yield notice('1');
            yield notice('2');
            throw new TerminalError('route_not_found', { detail: 'Later' });
          },
        },
      });
      const seen: string[] = [];
      const error = await errorOf(
        (async () => {
          for await (const { cursor } of bound.evidence.watch({ cursor: '' }, call())) seen.push(cursor);
        })(),
      );
      expect(seen).toEqual(['1', '2']);
      expect(error).toMatchObject({ code: 'route_not_found', detail: 'Later' });
    });

    it('ends the implementation’s stream when the reader stops early', async () => {
      const left = gate<unknown>();
      const closed = gate();
      await using bound = await bind({
        evidence: {
          async *watch(_request, { signal }) {
            void aborted(signal).then(left.open);
            try {
              for (let i = 0; ; i++) yield notice(String(i));
            } finally {
              closed.open();
            }
          },
        },
      });
      for await (const { cursor } of bound.evidence.watch({ cursor: '' }, call())) if (cursor === '3') break;
      expect(await left.opened).toBeInstanceOf(VouchError);
      await closed.opened;
    });

    it('ends at its deadline', async () => {
      await using bound = await bind({
        redemption: ready,
        evidence: {
          async *watch() {
            yield notice('1');
            await never();
          },
        },
      });
      await bound.redemption.getBasis(basis, call());
      const seen: WatchResponse[] = [];
      const error = await errorOf(
        (async () => {
          for await (const message of bound.evidence.watch({ cursor: '' }, call({ deadline: soon() }))) seen.push(message);
        })(),
      );
      expect(seen).toHaveLength(1);
      expect(error.code).toBe('deadline_exceeded');
    });

    it('closes the implementation’s stream when an answer cannot be encoded', async () => {
      const closed = gate();
      await using bound = await bind({
        evidence: {
          async *watch() {
            try {
              yield null as never;
              await never();
            } finally {
              closed.open();
            }
          },
        },
      });
      expect((await errorOf(collect(bound.evidence.watch({ cursor: '' }, call())))).code).toBe('internal');
      await closed.opened;
    });

    it('holds back an implementation that nobody reads', async () => {
      let made = 0;
      await using bound = await bind({
        redemption: ready,
        evidence: {
          async *watch() {
            for (; made < 5000; made++) yield notice('x'.repeat(10_000));
          },
        },
      });
      const notices = bound.evidence.watch({ cursor: '' }, call());
      await settle(bound);
      expect(made).toBeLessThan(500);
      expect(await collect(notices)).toHaveLength(5000);
    });

    it('starts at the call, not at the first read', async () => {
      const started = gate();
      await using bound = await bind({
        evidence: {
          async *watch() {
            started.open();
            yield notice('1');
          },
        },
      });
      const notices = bound.evidence.watch({ cursor: '' }, call());
      await started.opened;
      expect(await collect(notices)).toHaveLength(1);
    });

    it('gives the reader what kept it from starting', async () => {
      await using bound = await bind({});
      const reason = new Error('too late');
      await expect(collect(bound.evidence.watch({ cursor: '' }, call({ signal: AbortSignal.abort(reason) })))).rejects.toBe(reason);
      expect((await errorOf(collect(bound.evidence.watch({ cursor: '' }, call())))).code).toBe('route_not_found');
    });
  });

  describe('bidirectional streaming', () => {
    it('carries both directions at once: each request waits for the answer to the one before', async () => {
      await using bound = await bind({
        evidence: {
          async *checkStream(requests) {
            for await (const { cancelledQueryIds } of requests) yield window(Number(cancelledQueryIds[0]));
          },
        },
      });
      let answered = gate();
      const requests = async function* () {
        for (let i = 0; i < 100; i++) {
          yield cancel(String(i));
          await answered.opened;
          answered = gate();
        }
      };
      const seen: number[] = [];
      for await (const { window: size } of bound.evidence.checkStream(requests(), call())) {
        seen.push(size);
        answered.open();
      }
      expect(seen).toEqual(Array.from({ length: 100 }, (_, i) => i));
    });

    it('holds back a caller whose implementation does not read', async () => {
      const read = gate();
      let pulled = 0;
      await using bound = await bind({
        redemption: ready,
        evidence: {
          async *checkStream(requests) {
            await read.opened;
            let count = 0;
            for await (const _ of requests) count += 1;
            yield window(count);
          },
        },
      });
      const requests = async function* () {
        for await (const request of cancellations(5000, 'x'.repeat(10_000))) {
          pulled += 1;
          yield request;
        }
      };
      const responses = bound.evidence.checkStream(requests(), call());
      await settle(bound);
      expect(pulled).toBeLessThan(500);
      read.open();
      expect(await collect(responses)).toEqual([window(5000)]);
    });

    it('fails on both sides when the caller’s requests throw', async () => {
      const learned = gate<unknown>();
      await using bound = await bind({
        evidence: {
          async *checkStream(requests, { signal }) {
            void aborted(signal).then(learned.open);
            for await (const _ of requests) yield window(1);
          },
        },
      });
      const broken = new Error('out of queries');
      const answered = gate();
      const requests = async function* () {
        yield cancel('1');
        await answered.opened;
        throw broken;
      };
      const responses = bound.evidence.checkStream(requests(), call())[Symbol.asyncIterator]();
      expect(await responses.next()).toEqual({ done: false, value: window(1) });
      const next = responses.next();
      answered.open();
      await expect(next).rejects.toBe(broken);
      expect(await learned.opened).toBeInstanceOf(VouchError);
    });

    it('lets go of the caller’s requests when the implementation ends first', async () => {
      const released = gate();
      await using bound = await bind({
        evidence: {
          async *checkStream(requests) {
            for await (const _ of requests) {
              yield window(7);
              return;
            }
          },
        },
      });
      const requests: AsyncIterable<CheckStreamRequest> = {
        [Symbol.asyncIterator]: () => {
          let sent = 0;
          return {
            next: async () => (sent++ === 0 ? { done: false, value: cancel('1') } : never()),
            return: async () => {
              released.open();
              return { done: true, value: undefined };
            },
          };
        },
      };
      expect(await collect(bound.evidence.checkStream(requests, call()))).toEqual([window(7)]);
      await released.opened;
    });

    it('ends on both sides when the caller gives up', async () => {
      const stop = new AbortController();
      const learned = gate<unknown>();
      await using bound = await bind({
        evidence: {
          async *checkStream(requests, { signal }) {
            void aborted(signal).then(learned.open);
            yield window(1);
            for await (const _ of requests) yield window(2);
          },
        },
      });
      const reason = new Error('changed my mind');
      const idle: AsyncIterable<CheckStreamRequest> = { [Symbol.asyncIterator]: () => ({ next: never }) };
      const responses = bound.evidence.checkStream(idle, call({ signal: stop.signal }))[Symbol.asyncIterator]();
      expect(await responses.next()).toEqual({ done: false, value: window(1) });
      const next = responses.next();
      stop.abort(reason);
      await expect(next).rejects.toBe(reason);
      expect(await learned.opened).toBeInstanceOf(VouchError);
    });

    it('fails with the implementation’s error', async () => {
      await using bound = await bind({
        evidence: {
          // biome-ignore lint/correctness/useYield: it fails before it answers
          async *checkStream() {
            throw new RetryableError('rate_limited', { retryAfterMs: 250 });
          },
        },
      });
      const error = await errorOf(collect(bound.evidence.checkStream(cancellations(3), call())));
      expect(error).toMatchObject({ code: 'rate_limited', retryAfterMs: 250 });
    });

    it('makes no spans: the trace goes on to the implementation as it is', async () => {
      const trace = { traceId: createTraceId(), spanId: createSpanId(), sampled: true };
      const seen = gate<CallContext>();
      await using bound = await bind({
        evidence: {
          async *checkStream(_requests, context) {
            seen.open(context);
            yield window(1);
          },
        },
      });
      await collect(bound.evidence.checkStream(cancellations(0), call({ trace })));
      expect((await seen.opened).trace).toEqual(trace);
      expect(bound.spans).toEqual([]);
    });
  });

  describe('client streaming', () => {
    const counting = {
      collector: {
        collect: async (requests: AsyncIterable<CheckStreamRequest>) => window((await collect(requests)).length),
      },
    };

    it('takes all messages and answers once', async () => {
      await using bound = await bind(counting);
      expect(await bound.collector.collect(cancellations(400), call())).toEqual(window(400));
    });

    it('fails with the implementation’s error while the caller still sends', async () => {
      await using bound = await bind({
        collector: {
          collect: async (requests) => {
            for await (const _ of requests) throw new TerminalError('body_too_large');
            return window(0);
          },
        },
      });
      expect((await errorOf(bound.collector.collect(cancellations(1e9), call()))).code).toBe('body_too_large');
    });

    it('does not pass messages that were cut short for all of them', async () => {
      for (let round = 0; round < 20; round++) {
        const outcome = gate<unknown>();
        const reading = gate();
        await using bound = await bind({
          collector: {
            collect: async (requests) => {
              try {
                for await (const _ of requests) reading.open();
                outcome.open('all of them');
              } catch (failure) {
                outcome.open(failure);
              }
              return window(0);
            },
          },
        });
        const stop = new AbortController();
        const requests = async function* () {
          yield cancel('1');
          await never();
        };
        const answer = bound.collector.collect(requests(), call({ signal: stop.signal }));
        await reading.opened;
        stop.abort();
        await expect(answer).rejects.toBe(stop.signal.reason);
        expect(await outcome.opened).toBeInstanceOf(VouchError);
      }
    });

    it('ends at its deadline, when the caller gives up, and when its messages throw', async () => {
      await using bound = await bind({ collector: { collect: never } });
      expect((await errorOf(bound.collector.collect(cancellations(1), call({ deadline: soon() })))).code).toBe('deadline_exceeded');
      const reason = new Error('changed my mind');
      const stop = new AbortController();
      const answer = bound.collector.collect(cancellations(1), call({ signal: stop.signal }));
      stop.abort(reason);
      await expect(answer).rejects.toBe(reason);
      const broken = new Error('out of messages');
      // biome-ignore lint/correctness/useYield: it fails before it sends
      const failing = (async function* (): AsyncGenerator<CheckStreamRequest> {
        throw broken;
      })();
      await expect(bound.collector.collect(failing, call())).rejects.toBe(broken);
    });
  });
});
