import { expect, it } from 'vitest';
import { createCrowd } from './crowd.js';

function setup() {
  let now = 0;
  const crowd = createCrowd(() => now);
  return {
    crowd,
    pass: (ms: number) => {
      now += ms;
    },
  };
}

it('is nobody before anybody came, and at once whoever waits', () => {
  const { crowd, pass } = setup();
  pass(10_000);
  expect(crowd.size).toBe(0);
  crowd.enter();
  crowd.enter();
  expect(crowd.size).toBe(2);
});

it('remembers how many usually wait while nobody does, and forgets them within seconds', () => {
  const { crowd, pass } = setup();
  // One at a time, half of the time.
  for (let times = 0; times < 1_000; times += 1) {
    crowd.enter();
    pass(10);
    crowd.leave();
    pass(10);
  }
  expect(crowd.size).toBeCloseTo(0.5, 2);
  pass(10_000);
  expect(crowd.size).toBeLessThan(0.01);
});

it('is remembered the same however often it is looked at', () => {
  const [seldom, often] = [setup(), setup()];
  for (const { crowd } of [seldom, often]) crowd.enter();
  seldom.pass(1_000);
  for (let looks = 0; looks < 100; looks += 1) {
    often.pass(10);
    expect(often.crowd.size).toBe(1);
  }
  for (const { crowd } of [seldom, often]) crowd.leave();
  expect(often.crowd.size).toBeCloseTo(seldom.crowd.size, 9);
});
