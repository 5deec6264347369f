import { silentTracer } from '@vouch/telemetry';
import { describe, expect, test } from 'vitest';
import { type LogRecord, sizeOf } from './envelope.js';
import type { BusMessage } from './event.js';
import { MOST_BATCH_BYTES, publishMessages, split } from './publish.js';
import { toSpecMap } from './topics.js';

const record = (bytes: number): LogRecord => ({ topic: 't', key: 'k', headers: {}, value: Buffer.alloc(bytes) });
const spec = { name: 't', summary: '', partitions: 1, retentionMs: 1, types: [], subjectIsKey: true, keyMeaning: '' };
const message = (sequence: number): BusMessage => ({
  id: String(sequence),
  topic: 't',
  key: 'k',
  sequence,
  type: 'x',
  source: '/x',
  time: new Date().toISOString(),
  json: JSON.stringify('x'.repeat(400_000)),
});

describe('publishing', () => {
  test('splits by bytes and by number, and keeps the order', () => {
    const records = Array.from({ length: 3000 }, (_, index) => record(index % 500 === 0 ? 600_000 : 10));
    const pieces = [...split(records)];
    expect(pieces.flat()).toEqual(records);
    for (const piece of pieces) {
      expect(piece.length).toBeLessThanOrEqual(1000);
      expect(piece.reduce((sum, one) => sum + sizeOf(one), 0)).toBeLessThanOrEqual(MOST_BATCH_BYTES);
    }
  });

  test('lets a record that is too large by itself go alone', () => {
    expect([...split([record(10), record(2_000_000), record(10)])].map((piece) => piece.length)).toEqual([1, 1, 1]);
    expect([...split([])]).toEqual([]);
  });

  test('stops at the first piece that fails, so that nothing overtakes it', async () => {
    const sent: string[] = [];
    let calls = 0;
    const append = async (records: readonly LogRecord[]) => {
      calls += 1;
      if (calls === 2) throw new Error('lost');
      sent.push(...records.map((one) => one.headers.ce_sequence ?? ''));
    };
    await expect(publishMessages([1, 2, 3, 4, 5, 6].map(message), toSpecMap([spec]), silentTracer, 'kafka', append)).rejects.toThrow(
      'lost',
    );
    expect(sent).toEqual(['0000000001', '0000000002']);
  });
});
