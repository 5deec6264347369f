import { expect, it } from 'vitest';
import { createBackoff } from './backoff.js';

it('doubles up to the limit and starts again', () => {
  const backoff = createBackoff(100, 500, () => 1);
  expect([backoff.next(), backoff.next(), backoff.next(), backoff.next(), backoff.next()]).toEqual([100, 200, 400, 500, 500]);
  backoff.reset();
  expect(backoff.next()).toBe(100);
});

it('takes between half and all of it', () => {
  expect(createBackoff(100, 500, () => 0).next()).toBe(50);
});
