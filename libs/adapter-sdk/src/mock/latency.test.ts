import { describe, expect, it } from 'vitest';
import { drawLatency } from './latency.js';

/** A small even generator, so that the test is the same every time. */
function evenNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

describe('latencies', () => {
  it('are fixed without a tail', () => {
    expect(drawLatency({ p50Ms: 200, p99Ms: 0 }, Math.random)).toBe(200);
    expect(drawLatency({ p50Ms: 200, p99Ms: 200 }, Math.random)).toBe(200);
    expect(drawLatency({ p50Ms: 0, p99Ms: 0 }, Math.random)).toBe(0);
  });

  it('have the median and the 99th percentile that were asked for', () => {
    const random = evenNumbers(2026);
    const drawn = Array.from({ length: 20_000 }, () => drawLatency({ p50Ms: 200, p99Ms: 3000 }, random)).sort((a, b) => a - b);
    expect(drawn[10_000]).toBeGreaterThan(190);
    expect(drawn[10_000]).toBeLessThan(210);
    expect(drawn[19_800]).toBeGreaterThan(2600);
    expect(drawn[19_800]).toBeLessThan(3400);
  });
});
