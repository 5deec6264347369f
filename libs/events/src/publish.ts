import { fromUnknown } from '@vouch/errors';
import { readTraceparent, type Span, type Tracer, toTraceparent } from '@vouch/telemetry';
import { type LogRecord, sizeOf, toRecord } from './envelope.js';
import type { BusMessage } from './event.js';
import type { TopicSpec } from './topics.js';

/** How a bus stores records: those of one call all or, when it rejects, perhaps some. */
export type Append = (records: readonly LogRecord[]) => Promise<void>;

/** A batch stays below Kafka's usual limit of 1 MB, with room for its own framing. */
export const MOST_BATCH_BYTES = 900_000;
const MOST_BATCH_RECORDS = 1_000;

/**
 * Publishes messages: gives each whose trace is recorded a span `publish <topic>`, puts that span into its headers, and stores the
 * batch in pieces of bounded size, one after the other, so that nothing overtakes.
 */
export async function publishMessages(
  messages: readonly BusMessage[],
  specs: ReadonlyMap<string, TopicSpec>,
  tracer: Tracer,
  system: 'kafka' | 'vouch',
  append: Append,
): Promise<void> {
  const spans: Span[] = [];
  const records = messages.map((message) => {
    const spec = specs.get(message.topic);
    if (!spec) throw new Error(`Nobody declared the topic ${message.topic}`);
    const parent = readTraceparent(message.traceparent);
    if (!parent?.sampled) return toRecord(message, spec.subjectIsKey, message.traceparent);
    const span = tracer.startSpan(`publish ${message.topic}`, {
      parent,
      kind: 'producer',
      attributes: {
        'messaging.system': system,
        'messaging.destination.name': message.topic,
        'messaging.operation.name': 'publish',
        'messaging.operation.type': 'send',
        'messaging.message.id': message.id,
        'cloudevents.event_id': message.id,
        'cloudevents.event_source': message.source,
        'cloudevents.event_type': message.type,
      },
    });
    spans.push(span);
    return toRecord(message, spec.subjectIsKey, toTraceparent(span.context));
  });
  try {
    for (const piece of split(records)) await append(piece);
  } catch (failure) {
    for (const span of spans) span.fail(fromUnknown(failure).code);
    throw failure;
  } finally {
    for (const span of spans) span.end();
  }
}

/** Records in pieces that the broker takes, in order. */
export function* split(records: readonly LogRecord[]): Generator<readonly LogRecord[]> {
  let piece: LogRecord[] = [];
  let bytes = 0;
  for (const record of records) {
    const size = sizeOf(record);
    if (piece.length > 0 && (bytes + size > MOST_BATCH_BYTES || piece.length === MOST_BATCH_RECORDS)) {
      yield piece;
      piece = [];
      bytes = 0;
    }
    piece.push(record);
    bytes += size;
  }
  if (piece.length > 0) yield piece;
}
