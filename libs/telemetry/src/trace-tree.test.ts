import { describe, expect, it } from 'vitest';
import type { SpanRecord } from './span-record.js';
import { renderTraceTree } from './trace-tree.js';

const TRACE = 'a'.repeat(32);
const COMMITS = 'b'.repeat(32);

function span(
  spanId: string,
  parentSpanId: string | undefined,
  name: string,
  startMs: number,
  endMs: number,
  more: Partial<SpanRecord> = {},
): SpanRecord {
  return {
    traceId: TRACE,
    spanId,
    parentSpanId,
    links: [],
    name,
    kind: 'internal',
    service: 'lookup',
    scope: 'x',
    startMs,
    endMs,
    status: 'unset',
    attributes: {},
    ...more,
  };
}

const lookup: SpanRecord[] = [
  span('1', undefined, 'POST /v1/verifications', 0, 100),
  span('3', '1', 'evidence housing.owns-home', 20, 80, {
    status: 'error',
    attributes: { 'vouch.agency': 'housing', 'error.type': 'agency_timeout' },
  }),
  span('2', '1', 'redeem', 1, 10, { service: 'consent' }),
  span('4', '1', 'commit', 80, 95),
  span('9', undefined, 'group-commit', 82, 94, { traceId: COMMITS, links: [{ traceId: TRACE, spanId: '4' }] }),
  span('10', '9', 'insert', 83, 93, { traceId: COMMITS }),
];

describe('trace tree', () => {
  it('hangs children below parents by start time, and linked traces below the spans that they served', () => {
    const lines = renderTraceTree(lookup, { colour: false }).split('\n');
    expect(lines.map((line) => line.split(/ {2,}(?=lookup|consent)/)[0])).toEqual([
      `trace ${TRACE}  4 spans  2 services  100.0 ms`,
      'POST /v1/verifications',
      '├─ redeem',
      '├─ evidence housing.owns-home',
      '└─ commit',
      '   └─ ⇢ group-commit',
      '      └─ insert',
    ]);
  });

  it('shows service, duration, time bar and what matters of the attributes', () => {
    const line = renderTraceTree(lookup, { colour: false, barWidth: 10 }).split('\n')[3];
    expect(line).toMatch(/lookup +60\.0 ms {4}▇▇▇▇▇▇ {4}housing agency_timeout$/);
  });

  it('colours only when asked', () => {
    expect(renderTraceTree(lookup, { colour: false })).not.toContain('\u001b');
    expect(renderTraceTree(lookup, { colour: true })).toContain('\u001b[31m');
  });

  it('draws spans whose parent is missing as roots', () => {
    const text = renderTraceTree([span('2', 'lost', 'orphan', 0, 1)], { colour: false });
    expect(text).toContain('\norphan');
  });

  it('draws what the trace itself links to', () => {
    const retry = [
      span('1', undefined, 'retry', 0, 1, { links: [{ traceId: COMMITS, spanId: '9' }] }),
      span('9', undefined, 'POST /v1/verifications', -100, -50, { traceId: COMMITS }),
    ];
    expect(renderTraceTree(retry, { colour: false })).toContain('└─ ⇢ POST /v1/verifications');
  });

  it('ends where traces link to each other', () => {
    const circle = [
      span('1', undefined, 'one', 0, 1, { links: [{ traceId: COMMITS, spanId: '2' }] }),
      span('2', undefined, 'two', 0, 1, { traceId: COMMITS, links: [{ traceId: TRACE, spanId: '1' }] }),
    ];
    expect(renderTraceTree(circle, { colour: false }).split('\n').length).toBeLessThan(6);
  });

  it('is empty without spans', () => {
    expect(renderTraceTree([], { colour: true })).toBe('');
  });
});
