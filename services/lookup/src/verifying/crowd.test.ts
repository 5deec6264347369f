import { expect, it } from 'vitest';
import { createCrowd } from './crowd.js';

function setup() {
  let now = 0;
  const crowd = createCrowd(() => now);
  const come = (times: number, everyMs: number): void => {
    for (let time = 0; time < times; time += 1) {
      now += everyMs;
      crowd.came();
    }
  };
  const pass = (ms: number): void => {
    now += ms;
  };
  return { crowd, come, pass };
}

it('is nothing before anybody came', () => {
  const { crowd, pass } = setup();
  pass(10_000);
  expect(crowd.load).toBe(0);
});

it.each([
  [100, 0.1],
  [10, 1],
  [1, 10],
])('of one every %i ms is %f, and is forgotten within seconds', (everyMs, load) => {
  const { crowd, come, pass } = setup();
  come(20_000, everyMs);
  // On an average between two who come; who has just come counts for more.
  pass(everyMs / 2);
  expect(crowd.load / load).toBeCloseTo(1, 1);
  pass(20_000);
  expect(crowd.load).toBeLessThan(load / 1_000);
});

it('is noticed at once when it begins, and not forgotten between two who come', () => {
  const { crowd, come, pass } = setup();
  come(20, 10);
  expect(crowd.load).toBeGreaterThan(0.6);
  come(400, 10);
  pass(400);
  expect(crowd.load).toBeGreaterThan(0.7);
});

it('is remembered the same however often it is looked at', () => {
  const [seldom, often] = [setup(), setup()];
  for (const { come } of [seldom, often]) come(10, 10);
  seldom.pass(1_000);
  for (let looks = 0; looks < 100; looks += 1) {
    often.pass(10);
    expect(often.crowd.load).toBeGreaterThan(0);
  }
  expect(often.crowd.load).toBeCloseTo(seldom.crowd.load, 9);
});
