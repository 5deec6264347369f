import { describe, expect, it } from 'vitest';
import { createKnee, type Knee } from './knee.js';

const OPTIONS = { min: 4, start: 128, max: 1024 };

/** An agency that answers `knee` queries at once in `serviceMs` each; further ones wait their turn there. */
interface Agency {
  knee: number;
  serviceMs: number;
  /** Factor of one answer's time. */
  readonly jitter?: () => number;
}

/** A closed loop in simulated time: whoever asks has always more to ask. Returns answers a second over the last third. */
function run(knee: Knee, agency: Agency, answers: number, demand = 5000): number {
  let now = 0;
  const free: number[] = [];
  const out: { readonly sentAt: number; readonly doneAt: number }[] = [];
  let measuredFrom = 0;
  for (let n = 0; n < answers; n++) {
    while (out.length < Math.min(knee.limit, demand)) {
      if (free.length < agency.knee) free.push(now);
      free.sort((a, b) => a - b).splice(agency.knee);
      const start = Math.max(now, free.shift() ?? now);
      const doneAt = start + agency.serviceMs * (agency.jitter?.() ?? 1);
      free.push(doneAt);
      out.push({ sentAt: now, doneAt });
      out.sort((a, b) => a.doneAt - b.doneAt);
    }
    const first = out[0] as (typeof out)[number];
    now = first.doneAt;
    knee.observed(now - first.sentAt, out.length);
    out.shift();
    if (n === Math.floor((answers * 2) / 3)) measuredFrom = now;
  }
  return (answers / 3 / (now - measuredFrom)) * 1000;
}

/** Log-normal, median 1: a few answers take many times as long. The same numbers each time. */
function stragglers(sigma: number): () => number {
  let state = 42;
  const random = (): number => {
    state = (state * 1664525 + 1013904223) % 2 ** 32;
    return (state + 1) / (2 ** 32 + 1);
  };
  return () => Math.exp(sigma * Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random()));
}

describe('the knee', () => {
  it.each([
    [8, 200],
    [32, 100],
    [100, 50],
    [400, 300],
  ])('of an agency that answers %i at once in %i ms is found: all it can do, and little that waits there', (most, serviceMs) => {
    const knee = createKnee(OPTIONS);
    const perSecond = run(knee, { knee: most, serviceMs }, 40_000);
    expect(perSecond).toBeGreaterThan(((most * 1000) / serviceMs) * 0.9);
    expect(knee.limit).toBeLessThan(most * 2.2 + Math.ceil(Math.sqrt(most)));
  });

  it('is found anew when the agency bears less, and when it bears more again', () => {
    const knee = createKnee(OPTIONS);
    const agency = { knee: 64, serviceMs: 100 };
    run(knee, agency, 20_000);
    agency.knee = 8;
    run(knee, agency, 10_000);
    expect(knee.limit).toBeLessThan(25);
    agency.knee = 64;
    expect(run(knee, agency, 40_000)).toBeGreaterThan(570);
  });

  it('is not mistaken when the agency becomes slower without being asked too much', () => {
    const knee = createKnee(OPTIONS);
    const agency = { knee: 200, serviceMs: 50 };
    run(knee, agency, 40_000);
    agency.serviceMs = 500;
    expect(run(knee, agency, 40_000)).toBeGreaterThan(((200 * 1000) / 500) * 0.85);
  });

  it('is not mistaken by stragglers', () => {
    const knee = createKnee(OPTIONS);
    // As the mocks do: median 200 ms, 99th percentile 3 s.
    const jitter = stragglers(1.16);
    const perSecond = run(knee, { knee: 100, serviceMs: 200, jitter }, 60_000);
    // The mean of that distribution is 1.96 times its median.
    expect(perSecond).toBeGreaterThan((100 / (0.2 * 1.96)) * 0.8);
    expect(knee.limit).toBeLessThan(400);
  });

  it('is not looked for by those who ask little', () => {
    const knee = createKnee(OPTIONS);
    run(knee, { knee: 1000, serviceMs: 20 }, 5_000, 10);
    expect(knee.limit).toBe(OPTIONS.start);
  });

  it('never leaves its bounds', () => {
    const knee = createKnee(OPTIONS);
    run(knee, { knee: 5000, serviceMs: 100 }, 10_000);
    expect(knee.limit).toBe(OPTIONS.max);
    run(knee, { knee: 1, serviceMs: 1000 }, 5_000);
    expect(knee.limit).toBeGreaterThanOrEqual(OPTIONS.min);
    expect(knee.limit).toBeLessThan(16);
  });

  it('is lower at once when the agency says that it is asked too much, once for all that were out', () => {
    const knee = createKnee(OPTIONS);
    for (let n = 0; n < 100; n++) knee.refused(50);
    expect(knee.limit).toBe(40);
    knee.reset();
    expect(knee.limit).toBe(OPTIONS.start);
  });

  it('goes no further down than a tenth of a batch for answers that take a moment, and further when more is refused', () => {
    const knee = createKnee(OPTIONS);
    knee.declare(256);
    let lowest: number = OPTIONS.start;
    const watched: Knee = {
      ...knee,
      get limit() {
        lowest = Math.min(lowest, knee.limit);
        return knee.limit;
      },
    };
    run(watched, { knee: 1, serviceMs: 5 }, 20_000);
    expect(lowest).toBe(25);
    for (let refusals = 0; refusals < 20; refusals++) {
      knee.refused(knee.limit);
      for (let answers = 0; answers < 200; answers++) knee.observed(40, 2);
    }
    expect(knee.limit).toBe(OPTIONS.min);
  });

  it.each([
    [1, 5],
    [16, 60],
  ])('stays near a tenth of a batch when that is more than the %i that an agency answers at once in %i ms', (most, serviceMs) => {
    const knee = createKnee(OPTIONS);
    knee.declare(256);
    let answered = 0;
    let highest = 0;
    const watched: Knee = {
      ...knee,
      get limit() {
        // Until then it is still coming down from where it began.
        if (answered > 5_000) highest = Math.max(highest, knee.limit);
        return knee.limit;
      },
      observed(latencyMs, inFlight) {
        answered += 1;
        knee.observed(latencyMs, inFlight);
      },
    };
    run(watched, { knee: most, serviceMs, jitter: stragglers(0.1) }, 25_000);
    expect(highest).toBeLessThan(56);
  });

  it('of an agency whose answers would take long in a queue is found, however large its batches are', () => {
    const knee = createKnee(OPTIONS);
    knee.declare(1000);
    run(knee, { knee: 4, serviceMs: 500 }, 10_000);
    expect(knee.limit).toBeLessThan(12);
  });

  it('is looked for above four, where a batch may have three', () => {
    const knee = createKnee(OPTIONS);
    knee.refused(5);
    run(knee, { knee: 100, serviceMs: 20 }, 5_000, 3);
    expect(knee.limit).toBeGreaterThan(4);
  });

  it('asks more than a tenth of a batch of an agency that has become slow', () => {
    const knee = createKnee(OPTIONS);
    knee.declare(256);
    run(knee, { knee: 1, serviceMs: 1 }, 5_000);
    for (let answers = 0; answers < 500; answers++) knee.observed(1, 2);
    const perSecond = run(knee, { knee: 200, serviceMs: 200 }, 20_000);
    expect(perSecond).toBeGreaterThan(900);
  });

  it('does not stay at the least when an agency that was fast has become slow meanwhile', () => {
    const knee = createKnee(OPTIONS);
    // It refused all but the least once, and answered that at once.
    knee.refused(OPTIONS.min);
    for (let answers = 0; answers < 40; answers++) knee.observed(2, 1);
    expect(knee.limit).toBe(OPTIONS.min);
    const perSecond = run(knee, { knee: 200, serviceMs: 200 }, 20_000);
    expect(perSecond).toBeGreaterThan(900);
  });
});
