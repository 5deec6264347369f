import { RetryableError, TerminalError } from '@vouch/errors';
import { silentLogger, silentTracer } from '@vouch/telemetry';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SubscribeOptions } from './bus.js';
import { createDelivery } from './delivery.js';
import { type LogRecord, type PlacedRecord, toRecord } from './envelope.js';

const message = (sequence: number, json = JSON.stringify(sequence)) => ({
  id: `id-${sequence}`,
  topic: 't',
  key: 'k',
  sequence,
  type: 'x',
  source: '/x',
  time: new Date().toISOString(),
  json,
});
const record = (sequence: number, json?: string): PlacedRecord => ({
  ...toRecord(message(sequence, json), true, undefined),
  partition: 0,
  offset: String(sequence),
});

function deliveryOf(handle: SubscribeOptions<number>['handle'], more: Partial<SubscribeOptions<number>> = {}) {
  const letters: LogRecord[] = [];
  const append = async (records: readonly LogRecord[]) => void letters.push(...records);
  const options: SubscribeOptions<number> = { group: 'g', topics: ['t'], deadLetter: { topic: 'letters' }, handle, ...more };
  return { letters, delivery: createDelivery(options, { tracer: silentTracer, logger: silentLogger, system: 'kafka', append }) };
}
const scope = { signal: new AbortController().signal };

describe('a delivery', () => {
  test('hands over batches of the size that was asked for', async () => {
    const sizes: number[] = [];
    const { delivery } = deliveryOf(async (events) => void sizes.push(events.length), { maxBatch: 3 });
    expect(
      await delivery.deliver(
        [1, 2, 3, 4, 5, 6, 7].map((n) => record(n)),
        scope,
      ),
    ).toEqual({ done: 7 });
    expect(sizes).toEqual([3, 3, 1]);
  });

  test('tells how far it is after each step', async () => {
    const steps: number[] = [];
    const { delivery } = deliveryOf(async () => undefined, { maxBatch: 2 });
    const progress = async (done: number) => void steps.push(done);
    await delivery.deliver([record(1), record(2), record(3, 'broken'), record(4)], { ...scope, progress });
    expect(steps).toEqual([2, 3, 4]);
  });

  test('keeps what was done before a transient failure, and waits as long as the error asks', async () => {
    const { delivery, letters } = deliveryOf(
      async ([first]) => {
        if (first?.payload === 3) throw new RetryableError('rate_limited', { retryAfterMs: 4321 });
      },
      { maxBatch: 2 },
    );
    expect(
      await delivery.deliver(
        [1, 2, 3, 4].map((n) => record(n)),
        scope,
      ),
    ).toEqual({ done: 2, pauseMs: 4321 });
    expect(letters).toEqual([]);
  });

  test('counts attempts by what comes first, and starts anew after progress', async () => {
    const attempts: string[] = [];
    let healthyFrom = 3;
    const { delivery } = deliveryOf(
      async ([first], { attempt }) => {
        attempts.push(`${first?.payload}:${attempt}`);
        if (attempt < healthyFrom) throw new RetryableError('unavailable');
      },
      { maxBatch: 1 },
    );
    const records = [1, 2].map((n) => record(n));
    await delivery.deliver(records, scope);
    await delivery.deliver(records, scope);
    expect(await delivery.deliver(records, scope)).toMatchObject({ done: 1 });
    healthyFrom = 2;
    expect(await delivery.deliver(records.slice(1), scope)).toEqual({ done: 1 });
    expect(attempts).toEqual(['1:1', '1:2', '1:3', '2:1', '2:2']);
  });

  test('does not go on once it is told to stop', async () => {
    const stop = new AbortController();
    const seen: number[] = [];
    const { delivery, letters } = deliveryOf(
      async (events) => {
        seen.push(...events.map((event) => event.payload));
        if (seen.length === 2) stop.abort();
        if (seen.length > 2) throw new TerminalError('request_invalid');
      },
      { maxBatch: 1 },
    );
    expect(
      await delivery.deliver(
        [1, 2, 3].map((n) => record(n)),
        { signal: stop.signal },
      ),
    ).toEqual({ done: 2 });
    expect(letters).toEqual([]);
  });

  test('deals with every record once and in order, whatever is broken or faulty among them', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom<'fine' | 'broken' | 'faulty'>('fine', 'broken', 'faulty'), { maxLength: 30 }),
        fc.integer({ min: 1, max: 7 }),
        async (kinds, maxBatch) => {
          const handled: number[] = [];
          const { delivery, letters } = deliveryOf(
            async (events) => {
              if (events.some((event) => kinds[event.payload] === 'faulty')) throw new TerminalError('request_invalid');
              handled.push(...events.map((event) => event.payload));
            },
            { maxBatch },
          );
          const records = kinds.map((kind, index) => ({ ...record(index + 1, kind === 'broken' ? '{' : String(index)) }));
          expect(await delivery.deliver(records, scope)).toEqual({ done: kinds.length });
          const numbersOf = (wanted: string) => kinds.flatMap((kind, index) => (kind === wanted ? [index] : []));
          expect(handled).toEqual(numbersOf('fine'));
          const aside = kinds.flatMap((kind, index) => (kind === 'fine' ? [] : [String(index + 1)]));
          expect(letters.map((letter) => letter.headers['dead-letter-offset'])).toEqual(aside);
        },
      ),
    );
  });
});
