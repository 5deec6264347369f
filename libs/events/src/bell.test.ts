import { describe, expect, test } from 'vitest';
import { createBell } from './bell.js';

describe('a bell', () => {
  test('wakes who sleeps', async () => {
    const bell = createBell();
    const asleep = bell.sleep(60_000);
    bell.ring();
    await asleep;
  });

  test('is heard by who comes later, once', async () => {
    const bell = createBell();
    bell.ring();
    bell.ring();
    await bell.sleep(60_000);
    let awake = false;
    const asleep = bell.sleep(60_000).then(() => {
      awake = true;
    });
    await new Promise(setImmediate);
    expect(awake).toBe(false);
    bell.ring();
    await asleep;
  });

  test('lets sleep end by itself', async () => {
    await createBell().sleep(0);
  });
});
