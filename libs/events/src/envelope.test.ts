import { type CloudEvent, Kafka } from 'cloudevents';
import { describe, expect, test } from 'vitest';
import { type PlacedRecord, readRecord, sizeOf, toRecord, UndecodableError } from './envelope.js';
import type { BusMessage } from './event.js';

const message: BusMessage = {
  id: '01936d1c-0000-7000-8000-000000000001',
  topic: 'vouch.test.v1',
  key: 'k-1',
  sequence: 12,
  type: 'vouch.test.happened',
  source: '/vouch/test',
  time: '2026-08-31T08:00:00.123Z',
  json: '{"verificationId":"k-1"}',
};
const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const placed = (changes: Partial<PlacedRecord> = {}): PlacedRecord => ({
  ...toRecord(message, true, traceparent),
  partition: 2,
  offset: '41',
  ...changes,
});
const withHeaders = (changes: Record<string, string>) => placed({ headers: { ...placed().headers, ...changes } });

describe('the envelope', () => {
  test('is read as it was written', () => {
    const { json, time, ...rest } = message;
    const publishedIn = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', sampled: true };
    expect(readRecord(placed())).toEqual({
      ...rest,
      time: new Date(time),
      partition: 2,
      offset: '41',
      payload: JSON.parse(json),
      publishedIn,
    });
  });

  test('is what the CloudEvents SDK reads', () => {
    const { headers, key, value } = placed();
    const event = Kafka.toEvent({
      headers,
      key,
      value: value?.toString(),
      body: value?.toString(),
      timestamp: '',
    } as never) as CloudEvent<unknown>;
    expect(event).toMatchObject({
      specversion: '1.0',
      id: message.id,
      source: message.source,
      type: message.type,
      subject: 'k-1',
      partitionkey: 'k-1',
      sequence: '0000000012',
      datacontenttype: 'application/json',
      data: { verificationId: 'k-1' },
    });
    expect(event.validate()).toBe(true);
  });

  test('has no subject where the key is none, and no header without a value', () => {
    const { headers } = toRecord(message, false, undefined);
    expect(headers).not.toHaveProperty('ce_subject');
    expect(headers).not.toHaveProperty('traceparent');
    expect(Object.values(headers).every((value) => typeof value === 'string' && value !== '')).toBe(true);
  });

  test('sorts sequence numbers as text', () => {
    const texts = [1, 9, 10, 2_147_483_647].map((sequence) => toRecord({ ...message, sequence }, true, undefined).headers.ce_sequence);
    expect([...texts].sort()).toEqual(texts);
  });

  test.each<[string, PlacedRecord]>([
    ['no headers', placed({ headers: {} })],
    ['another version', withHeaders({ ce_specversion: '0.3' })],
    ['no id', withHeaders({ ce_id: '' })],
    ['a time that is none', withHeaders({ ce_time: 'yesterday' })],
    ['a sequence below 1', withHeaders({ ce_sequence: '0000000000' })],
    ['a sequence that is none', withHeaders({ ce_sequence: '1.5' })],
    ['another content type', withHeaders({ 'content-type': 'application/avro' })],
    ['no value', placed({ value: null })],
    ['a value that is not JSON', placed({ value: Buffer.from('{"name": "张三"') })],
    ['a value that is not UTF-8', placed({ value: Buffer.from([0x22, 0xff, 0x22]) })],
    ['no key', placed({ key: null, headers: { ...placed().headers, ce_partitionkey: '' } })],
  ])('refuses %s and quotes nothing', (_, record) => {
    expect(() => readRecord(record)).toThrow(UndecodableError);
    try {
      readRecord(record);
    } catch (failure) {
      expect(String(failure)).not.toMatch(/张三|yesterday|avro/);
    }
  });

  test.each(['application/json; charset=utf-8', 'application/cloudevents+json', 'APPLICATION/JSON'])(
    'takes the content type %s',
    (type) => {
      expect(readRecord(withHeaders({ 'content-type': type })).payload).toEqual({ verificationId: 'k-1' });
    },
  );

  test('puts up with a broken traceparent', () => {
    expect(readRecord(withHeaders({ traceparent: 'nonsense' })).publishedIn).toBeUndefined();
  });

  test('estimates its size from above', () => {
    const { headers, key, value } = placed();
    const bytes =
      Object.entries(headers).reduce((sum, [name, text]) => sum + name.length + text.length, 0) + (key?.length ?? 0) + (value?.length ?? 0);
    expect(sizeOf(placed())).toBeGreaterThan(bytes);
  });
});
