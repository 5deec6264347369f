import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSpanId, createTraceId, readTraceparent, toTraceparent } from './trace-context.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length }).filter((text) => /[^0]/.test(text));

describe('traceparent', () => {
  it('is read', () => {
    expect(readTraceparent(`00-${TRACE}-${SPAN}-01`)).toEqual({ traceId: TRACE, spanId: SPAN, sampled: true });
    expect(readTraceparent(`00-${TRACE}-${SPAN}-00`)).toEqual({ traceId: TRACE, spanId: SPAN, sampled: false });
  });

  it('takes only the sampled bit of the flags', () => {
    expect(readTraceparent(`00-${TRACE}-${SPAN}-fe`)?.sampled).toBe(false);
    expect(readTraceparent(`00-${TRACE}-${SPAN}-03`)?.sampled).toBe(true);
  });

  it('of a later version may have more fields', () => {
    expect(readTraceparent(`cc-${TRACE}-${SPAN}-01-what-the-future-brings`)).toEqual({ traceId: TRACE, spanId: SPAN, sampled: true });
  });

  it.each([
    ['absent', undefined],
    ['empty', ''],
    ['upper case', `00-${TRACE.toUpperCase()}-${SPAN}-01`],
    ['zero trace id', `00-${'0'.repeat(32)}-${SPAN}-01`],
    ['zero span id', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['version ff', `ff-${TRACE}-${SPAN}-01`],
    ['more fields in version 00', `00-${TRACE}-${SPAN}-01-x`],
    ['text after a later version without a dash', `cc-${TRACE}-${SPAN}-01x`],
    ['short trace id', `00-${TRACE.slice(1)}-${SPAN}-01`],
    ['space before', ` 00-${TRACE}-${SPAN}-01`],
    ['line break after', `00-${TRACE}-${SPAN}-01\n`],
    ['two values', `00-${TRACE}-${SPAN}-01,00-${TRACE}-${SPAN}-01`],
    ['endless', `cc-${TRACE}-${SPAN}-01-${'x'.repeat(10_000)}`],
  ])('is refused: %s', (_why, header) => {
    expect(readTraceparent(header)).toBeUndefined();
  });

  it('round-trips', () => {
    fc.assert(
      fc.property(hex(32), hex(16), fc.boolean(), (traceId, spanId, sampled) => {
        expect(readTraceparent(toTraceparent({ traceId, spanId, sampled }))).toEqual({ traceId, spanId, sampled });
      }),
    );
  });
});

describe('ids', () => {
  it('have the right form and do not repeat, over many fillings of the pool', () => {
    const traces = new Set(Array.from({ length: 2000 }, createTraceId));
    const spans = new Set(Array.from({ length: 2000 }, createSpanId));
    expect(traces.size).toBe(2000);
    expect(spans.size).toBe(2000);
    for (const id of traces) expect(id).toMatch(/^[0-9a-f]{32}$/);
    for (const id of spans) expect(id).toMatch(/^[0-9a-f]{16}$/);
  });
});
