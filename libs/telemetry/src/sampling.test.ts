import { afterEach, describe, expect, it, vi } from 'vitest';
import { createRateLimit, takeFrom } from './rate-limit.js';
import { isRecorded, readSampling } from './sampling.js';
import { createSpanId, createTraceId } from './trace-context.js';

const sampledParent = () => ({ traceId: createTraceId(), spanId: createSpanId(), sampled: true });
const unlimited = createRateLimit(1e9);

function read(sampler?: string, argument?: string) {
  if (sampler !== undefined) vi.stubEnv('OTEL_TRACES_SAMPLER', sampler);
  if (argument !== undefined) vi.stubEnv('OTEL_TRACES_SAMPLER_ARG', argument);
  const warnings: string[] = [];
  return { sampling: readSampling((text) => void warnings.push(text)), warnings };
}

afterEach(() => vi.unstubAllEnvs());

describe('sampling', () => {
  it('records everything, and follows the parent, unless said', () => {
    const { sampling } = read();
    expect(sampling.root(createTraceId())).toBe(true);
    const parent = { ...sampledParent(), sampled: false };
    expect(isRecorded(sampling, unlimited, parent.traceId, parent, false)).toBe(false);
  });

  it.each([
    ['always_on', undefined, true, true],
    ['always_off', undefined, false, false],
    ['parentbased_always_on', undefined, true, true],
    ['parentbased_always_off', undefined, false, true],
    ['traceidratio', '0', false, false],
    ['traceidratio', '1', true, true],
    ['parentbased_traceidratio', '0', false, true],
  ])('%s %s', (sampler, argument, root, withSampledParent) => {
    const { sampling, warnings } = read(sampler, argument);
    expect(sampling.root(createTraceId())).toBe(root);
    const parent = sampledParent();
    expect(isRecorded(sampling, unlimited, parent.traceId, parent, false)).toBe(withSampledParent);
    expect(warnings).toEqual([]);
  });

  it('takes the share that is asked for', () => {
    const { sampling } = read('parentbased_traceidratio', '0.25');
    const recorded = Array.from({ length: 4000 }, createTraceId).filter((id) => sampling.root(id)).length;
    expect(recorded).toBeGreaterThan(800);
    expect(recorded).toBeLessThan(1200);
  });

  it.each([
    ['sometimes', undefined],
    ['traceidratio', 'half'],
    ['traceidratio', '2'],
  ])('warns of %s %s and records', (sampler, argument) => {
    const { sampling, warnings } = read(sampler, argument);
    expect(warnings).toHaveLength(1);
    expect(sampling.root(createTraceId())).toBe(true);
  });

  it('honours the flag of callers outside only so often a second, and that of our own spans always', () => {
    const { sampling } = read('parentbased_always_off');
    let now = 0;
    const forced = createRateLimit(10, () => now);
    const decide = (external: boolean) => {
      const parent = sampledParent();
      return isRecorded(sampling, forced, parent.traceId, parent, external);
    };
    expect(Array.from({ length: 50 }, () => decide(true)).filter(Boolean)).toHaveLength(10);
    expect(decide(false)).toBe(true);
    now += 500;
    expect(Array.from({ length: 50 }, () => decide(true)).filter(Boolean)).toHaveLength(5);
  });

  it('does not count a caller whose trace would be recorded anyway', () => {
    const { sampling } = read('parentbased_always_on');
    const forced = createRateLimit(1);
    const parent = sampledParent();
    expect(Array.from({ length: 5 }, () => isRecorded(sampling, forced, parent.traceId, parent, true))).toEqual(Array(5).fill(true));
    expect(takeFrom(forced)).toBe(true);
  });
});
