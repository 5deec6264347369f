import { fromUnknown, VouchError } from '@vouch/errors';
import type { Logger, Span, TraceContext, Tracer } from '@vouch/telemetry';
import { backOffMs } from './back-off.js';
import type { DeadLetter, SubscribeOptions } from './bus.js';
import { type PlacedRecord, type ReadEvent, readRecord, UndecodableError } from './envelope.js';
import type { ReceivedEvent } from './event.js';
import { kindOf, reasonOf } from './failures.js';
import type { Append } from './publish.js';

/** What became of a run of records. */
interface Delivered {
  /** Records dealt with, from the front: handled or put aside. */
  readonly done: number;
  /** How long to leave the partition alone before the rest is tried again, milliseconds; absent when nothing failed. */
  readonly pauseMs?: number;
}

/** The place where a run of records is being delivered. */
interface DeliveryScope {
  /** Aborted when the rest must not be handled here any more. */
  readonly signal: AbortSignal;
  /** Told after each step how many records from the front are dealt with. */
  readonly progress?: (done: number) => Promise<void>;
}

/** Brings records of one partition, in order, to a handler; the same for every bus. */
export interface Delivery {
  deliver(records: readonly PlacedRecord[], scope: DeliveryScope): Promise<Delivered>;
}

/** What a delivery needs from its bus. */
export interface DeliveryParts {
  readonly tracer: Tracer;
  readonly logger: Logger;
  readonly system: 'kafka' | 'vouch';
  /** Stores dead letters. */
  readonly append: Append;
}

const MOST_IN_BATCH = 500;
const TRIES_WHEN_UNCLEAR = 5;
const WARN_EVERY_MS = 30_000;

/** What was read, with what `decode` made of its payload. */
type Decoded<T> = { readonly read: ReadEvent; readonly payload: T };

// Spelled out, since V8 takes ten times as long to copy an object with more in it.
function toEvent<T>(read: ReadEvent, payload: T, trace: TraceContext | undefined): ReceivedEvent<T> {
  const { topic, partition, offset, id, key, sequence, type, source, time } = read;
  return { topic, partition, offset, id, key, sequence, type, source, time, payload, trace };
}

/** A delivery for one subscription. */
export function createDelivery<T>(options: SubscribeOptions<T>, parts: DeliveryParts): Delivery {
  const { group, deadLetter, handle, maxBatch = MOST_IN_BATCH } = options;
  const { tracer, logger, system, append } = parts;
  const failures = new Map<string, number>();

  function decode(record: PlacedRecord): Decoded<T> {
    const read = readRecord(record);
    if (!options.decode) return { read, payload: read.payload as T };
    try {
      return { read, payload: options.decode(read.payload, read) };
    } catch {
      throw new UndecodableError('The payload is not what the event type promises');
    }
  }

  async function callHandler(batch: readonly Decoded<T>[], attempt: number, signal: AbortSignal): Promise<void> {
    const [first] = batch;
    if (!first) return;
    const { topic, partition } = first.read;
    const spans: Span[] = [];
    const events = batch.map(({ read, payload }) => {
      const { publishedIn } = read;
      if (!publishedIn?.sampled) return toEvent(read, payload, publishedIn);
      const span = tracer.startSpan(`process ${topic}`, {
        parent: publishedIn,
        kind: 'consumer',
        attributes: {
          'messaging.system': system,
          'messaging.destination.name': topic,
          'messaging.destination.partition.id': String(partition),
          'messaging.consumer.group.name': group,
          'messaging.operation.name': 'process',
          'messaging.operation.type': 'process',
          'messaging.message.id': read.id,
          'cloudevents.event_id': read.id,
          'cloudevents.event_type': read.type,
        },
      });
      spans.push(span);
      return toEvent(read, payload, span.context);
    });
    const slow = setInterval(
      () => logger.warn({ group, topic, partition, events: events.length }, 'a handler is still at the same events'),
      WARN_EVERY_MS,
    );
    try {
      await handle(events, { group, topic, partition, attempt, signal });
    } catch (failure) {
      for (const span of spans) span.fail(fromUnknown(failure).code);
      throw failure;
    } finally {
      clearInterval(slow);
      for (const span of spans) span.end();
    }
  }

  async function putAside(record: PlacedRecord, failure: unknown): Promise<void> {
    const { code, reason } = reasonOf(failure);
    const { topic, partition, offset, key, headers, value } = record;
    const place = {
      'dead-letter-code': code,
      'dead-letter-reason': reason,
      'dead-letter-consumer': group,
      'dead-letter-topic': topic,
      'dead-letter-partition': String(partition),
      'dead-letter-offset': offset,
    };
    await append([{ topic: deadLetter.topic, key, headers: { ...headers, ...place }, value }]);
    const id = headers.ce_id;
    const letter: DeadLetter = { group, topic, partition, offset, code, reason, ...(key === null ? {} : { key }), ...(id ? { id } : {}) };
    await deadLetter.onDeadLetter?.(letter);
    logger.error({ ...letter, deadLetterTopic: deadLetter.topic }, 'an event was put aside');
  }

  /** Handles a batch; of one that fails for good, each event by itself. Resolves to how many of its events are dealt with. */
  async function handleBatch(batch: readonly Decoded<T>[], records: readonly PlacedRecord[], attempt: number, scope: DeliveryScope) {
    try {
      await callHandler(batch, attempt, scope.signal);
      return { done: batch.length };
    } catch (failure) {
      const kind = kindOf(failure);
      if (kind === 'transient' || scope.signal.aborted) return { done: 0, failure };
      if (batch.length === 1) {
        if (kind === 'unclear' && attempt < TRIES_WHEN_UNCLEAR) return { done: 0, failure };
        try {
          await putAside(records[0] as PlacedRecord, failure);
          return { done: 1 };
        } catch (unsent) {
          return { done: 0, failure: unsent };
        }
      }
    }
    for (const [index, one] of batch.entries()) {
      const result: { done: number; failure?: unknown } = await handleBatch(
        [one],
        [records[index] as PlacedRecord],
        index === 0 ? attempt : 1,
        scope,
      );
      if (result.done === 0) return { done: index, failure: result.failure };
    }
    return { done: batch.length };
  }

  /** One step from the front: a batch that decodes, or one record that doesn't. */
  async function step(
    records: readonly PlacedRecord[],
    attempt: number,
    scope: DeliveryScope,
  ): Promise<{ done: number; failure?: unknown }> {
    const batch: Decoded<T>[] = [];
    for (const record of records.slice(0, maxBatch)) {
      try {
        batch.push(decode(record));
      } catch (failure) {
        if (batch.length > 0) break;
        try {
          await putAside(record, failure);
          return { done: 1 };
        } catch (unsent) {
          return { done: 0, failure: unsent };
        }
      }
    }
    return handleBatch(batch, records, attempt, scope);
  }

  return {
    async deliver(records, scope) {
      const [first] = records;
      if (!first) return { done: 0 };
      const place = `${first.topic}/${first.partition}`;
      let done = 0;
      while (done < records.length && !scope.signal.aborted) {
        const failed = failures.get(place) ?? 0;
        const result = await step(records.slice(done), failed + 1, scope);
        if (result.done > 0) {
          done += result.done;
          failures.delete(place);
          await scope.progress?.(done);
        }
        if (result.failure !== undefined) {
          if (scope.signal.aborted) break;
          const count = (failures.get(place) ?? 0) + 1;
          failures.set(place, count);
          if (count === 1 || count % 10 === 0) {
            const where = { group, topic: first.topic, partition: first.partition, failures: count };
            logger.warn({ ...where, err: result.failure }, 'a partition is paused and will be tried again');
          }
          const asked = result.failure instanceof VouchError ? result.failure.retryAfterMs : undefined;
          return { done, pauseMs: asked ?? backOffMs(count) };
        }
      }
      return { done };
    },
  };
}
