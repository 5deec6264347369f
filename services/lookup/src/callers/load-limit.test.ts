import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createLoadLimit, FEWEST_LET_IN, watchEventLoop } from './load-limit.js';

const repeat = (times: number, act: () => void): void => {
  for (let n = 0; n < times; n += 1) act();
};

describe('the load limit', () => {
  it('is what it may be while work is begun in time', () => {
    const load = createLoadLimit(2000);
    repeat(100, () => load.observe(20, 1500));
    expect(load.limit).toBe(2000);
  });

  it('falls below what is under way while work is late, faster when it is very late, and never below the fewest', () => {
    const load = createLoadLimit(2000);
    load.observe(150, 800);
    expect(load.limit).toBe(720);
    load.observe(500, 700);
    expect(load.limit).toBe(489);
    repeat(100, () => load.observe(500, load.limit));
    expect(load.limit).toBe(FEWEST_LET_IN);
    const small = createLoadLimit(1);
    small.observe(500, 1);
    expect(small.limit).toBe(1);
  });

  it('is not lowered when few are under way: it is late of something else', () => {
    const load = createLoadLimit(2000);
    repeat(100, () => load.observe(500, FEWEST_LET_IN));
    expect(load.limit).toBe(2000);
  });

  it('stays where work is neither late nor in time, and comes back when it is in time again', () => {
    const load = createLoadLimit(2000);
    load.observe(150, 200);
    load.observe(75, 180);
    expect(load.limit).toBe(180);
    repeat(100, () => load.observe(5, 0));
    expect(load.limit).toBe(2000);
  });

  it('settles where a process that is late in proportion to what is under way keeps near its target', () => {
    const load = createLoadLimit(2000);
    // Each request under way makes it half a millisecond later: 200 make it 100 ms late.
    const seen: number[] = [];
    repeat(500, () => {
      load.observe(load.limit / 2, load.limit);
      seen.push(load.limit);
    });
    const later = seen.slice(100);
    expect(Math.max(...later)).toBeLessThanOrEqual(210);
    expect(Math.min(...later)).toBeGreaterThanOrEqual(150);
  });
});

it('watches the event loop of this process', async () => {
  const seen: number[] = [];
  await using _watching = watchEventLoop({ observe: (delayMs) => void seen.push(delayMs) }, () => 0);
  while (!seen.some((delayMs) => delayMs > 50)) {
    const until = performance.now() + 150;
    while (performance.now() < until);
    await pause(1);
  }
  expect(Math.max(...seen)).toBeGreaterThan(50);
});
