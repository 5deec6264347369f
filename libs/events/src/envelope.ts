import { readTraceparent, type TraceContext } from '@vouch/telemetry';
import type { BusMessage, ReceivedEvent } from './event.js';

/** A record of a topic: a CloudEvent in the Kafka protocol binding's binary mode, with its attributes in the headers. */
export interface LogRecord {
  readonly topic: string;
  readonly key: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: Buffer | null;
}

/** A record where it was found. */
export interface PlacedRecord extends LogRecord {
  readonly partition: number;
  readonly offset: string;
}

/** A record that is no event of ours. */
export class UndecodableError extends Error {
  override readonly name = 'UndecodableError';
}

const SEQUENCE_DIGITS = 10;
const CONTENT_TYPE = 'application/json';
const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json(?:\s*;|$)/i;

/**
 * A message as a record. `ce_sequence` has leading zeros, since the sequence extension wants text that sorts as the numbers do.
 */
export function toRecord(message: BusMessage, subjectIsKey: boolean, trace: string | undefined): LogRecord {
  const headers: Record<string, string> = {
    ce_specversion: '1.0',
    ce_id: message.id,
    ce_source: message.source,
    ce_type: message.type,
    ce_time: message.time,
    ce_partitionkey: message.key,
    ce_sequence: String(message.sequence).padStart(SEQUENCE_DIGITS, '0'),
    'content-type': CONTENT_TYPE,
  };
  if (subjectIsKey) headers.ce_subject = message.key;
  if (trace !== undefined) headers.traceparent = trace;
  return { topic: message.topic, key: message.key, headers, value: Buffer.from(message.json) };
}

/** What `readRecord` finds: the event as published, with the trace of its publisher. */
export interface ReadEvent extends Omit<ReceivedEvent, 'trace'> {
  readonly publishedIn: TraceContext | undefined;
}

/** Reads a record. Throws UndecodableError with a text that quotes nothing of it. */
export function readRecord(record: PlacedRecord): ReadEvent {
  const { headers } = record;
  if (headers.ce_specversion !== '1.0') throw new UndecodableError('The record is not a CloudEvent 1.0 in binary mode');
  const id = required(headers, 'ce_id');
  const source = required(headers, 'ce_source');
  const type = required(headers, 'ce_type');
  const time = new Date(required(headers, 'ce_time'));
  if (Number.isNaN(time.getTime())) throw new UndecodableError('The header ce_time is not a time');
  const sequence = Number(required(headers, 'ce_sequence'));
  if (!Number.isSafeInteger(sequence) || sequence < 1) throw new UndecodableError('The header ce_sequence is not a whole number from 1 on');
  if (!JSON_TYPE.test(required(headers, 'content-type'))) throw new UndecodableError('The content type is not JSON');
  const key = record.key ?? headers.ce_partitionkey;
  if (!key) throw new UndecodableError('The record has no key');
  const { topic, partition, offset } = record;
  const payload = readJson(record.value);
  // Spelled out: V8 takes ten times as long over a literal with spreads in it.
  return { topic, partition, offset, id, key, sequence, type, source, time, payload, publishedIn: readTraceparent(headers.traceparent) };
}

function required(headers: LogRecord['headers'], name: string): string {
  const value = headers[name];
  if (!value) throw new UndecodableError(`The header ${name} is missing`);
  return value;
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

function readJson(value: Buffer | null): unknown {
  if (value === null) throw new UndecodableError('The record has no value');
  try {
    return JSON.parse(strictUtf8.decode(value));
  } catch {
    // The parser's own text quotes the payload.
    throw new UndecodableError('The value is not JSON');
  }
}

/** About how many bytes a record takes in a batch. */
export function sizeOf(record: LogRecord): number {
  let size = 64 + (record.value?.length ?? 0) + (record.key?.length ?? 0);
  for (const [name, value] of Object.entries(record.headers)) size += name.length + Buffer.byteLength(value) + 4;
  return size;
}
