import type { CheckStreamRequest, Query } from '@vouch/proto/evidence/v1/evidence';
import { describe, expect, it } from 'vitest';
import type { Deliver, Engine } from './engine.js';
import { createCheckStream } from './stream.js';

const query = (id: string): Query => ({
  id,
  claimType: 'tax.simple',
  claimVersion: 1,
  parametersJson: '{}',
  persons: {},
  platform: '',
  purpose: '',
  actorRef: '',
  basisRef: '',
  remainingMs: 1000,
  leaseEnd: new Date(Date.now() + 60_000),
  traceparent: '',
  region: '370102',
});
const batch = (...ids: string[]): CheckStreamRequest => ({ queries: ids.map(query), cancelledQueryIds: [] });

/** A stream over an engine that answers when it is told to. */
function streamOf(messages: readonly CheckStreamRequest[], window: number) {
  const held: { query: Query; deliver: Deliver }[] = [];
  let taken = 0;
  let onTaken = (): void => {};
  const engine: Engine = {
    submit: (queries, deliver) =>
      queries.map((asked) => {
        held.push({ query: asked, deliver });
        return { cancel() {} };
      }),
    stop() {},
    idle: () => Promise.resolve(),
    counts: { queries: 0, findings: 0, faulted: 0 },
  };
  async function* requests(): AsyncGenerator<CheckStreamRequest, void, undefined> {
    for (const message of messages) {
      taken += 1;
      onTaken();
      yield message;
    }
  }
  const gone = new AbortController();
  const stream = createCheckStream(requests(), gone.signal, { engine, largestBatch: 10, window, now: Date.now });
  return {
    stream,
    responses: stream.responses[Symbol.asyncIterator](),
    leave: () => gone.abort(),
    get taken() {
      return taken;
    },
    untilTaken: (count: number) =>
      new Promise<void>((resolve) => {
        onTaken = () => taken >= count && resolve();
        onTaken();
      }),
    answer(count: number) {
      for (const { query: asked, deliver } of held.splice(0, count)) {
        deliver(asked, {
          queryId: asked.id,
          result: { $case: 'fault', value: { code: 'agency_error', retryable: true, retryAfterMs: 0 } },
        });
      }
    },
  };
}

const ids = (response: IteratorResult<{ answers: { queryId: string }[] }, unknown>): string[] =>
  response.done ? [] : response.value.answers.map(({ queryId }) => queryId);

describe('a stream', () => {
  it('sends answers that come together in one message, then ends', async () => {
    const { responses, answer, untilTaken } = streamOf([batch('a', 'b', 'c')], 10);
    const first = responses.next();
    await untilTaken(1);
    await Promise.resolve();
    answer(2);
    expect(ids(await first)).toEqual(['a', 'b']);
    const second = responses.next();
    answer(1);
    expect(ids(await second)).toEqual(['c']);
    expect((await responses.next()).done).toBe(true);
  });

  it('does not read a hub that overruns its window until answers have left', async () => {
    const over = streamOf([batch('a', 'b', 'c'), batch('d'), batch('e')], 2);
    const first = over.responses.next();
    await over.untilTaken(1);
    for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
    expect(over.taken).toBe(1);
    over.answer(1);
    expect(ids(await first)).toEqual(['a']);
    await over.untilTaken(2);
    for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
    expect(over.taken).toBe(2);
  });

  it('tells a new window and that it drains, each once', async () => {
    const { stream, responses } = streamOf([batch('a')], 10);
    stream.setWindow(10);
    stream.setWindow(4);
    expect((await responses.next()).value).toEqual({ answers: [], window: 4, draining: false });
    stream.drain();
    expect((await responses.next()).value).toEqual({ answers: [], window: 0, draining: true });
  });

  it('breaks when it is cut, and ends when the hub has left', async () => {
    const cut = streamOf([batch('a')], 10);
    const broken = cut.responses.next();
    cut.stream.cut();
    await expect(broken).rejects.toMatchObject({ code: 'unavailable', retryable: true });
    const left = streamOf([batch('a')], 10);
    const ended = left.responses.next();
    left.leave();
    expect((await ended).done).toBe(true);
  });
});
