import { getEventListeners } from 'node:events';
import { expect, it } from 'vitest';
import { whenAborted } from './abort.js';

it('tells all who wait when the signal aborts, and listens to it once', () => {
  const controller = new AbortController();
  const told: string[] = [];
  for (const name of ['a', 'b', 'c']) whenAborted(controller.signal, () => told.push(name));
  expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1);
  controller.abort();
  expect(told).toEqual(['a', 'b', 'c']);
});

it('tells nobody who waits no more, be it since a moment ago', () => {
  const controller = new AbortController();
  const told: string[] = [];
  whenAborted(controller.signal, () => leave());
  const leave = whenAborted(controller.signal, () => told.push('left'));
  whenAborted(controller.signal, () => told.push('stayed'));
  controller.abort();
  expect(told).toEqual(['stayed']);
});

it('leaves nothing at the signal when the last one has left, and listens again for the next', () => {
  const controller = new AbortController();
  const told: string[] = [];
  const leave = [1, 2].map(() => whenAborted(controller.signal, () => told.push('left')));
  for (const each of leave) each();
  expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
  whenAborted(controller.signal, () => told.push('next'));
  controller.abort();
  expect(told).toEqual(['next']);
});
