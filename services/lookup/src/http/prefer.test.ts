import { expect, it } from 'vitest';
import { readWait } from './prefer.js';

it.each([
  ['wait=30', 30],
  ['Wait = "5"', 5],
  ['respond-async, wait=10; note=x', 10],
  [['handling=lenient', 'wait=7'], 7],
  ['wait=9, wait=1', 9],
  ['wait=0', 0],
  ['wait=86400', 60],
  ['wait', undefined],
  ['wait=soon, wait=1', undefined],
  ['wait=-1', undefined],
  ['await=3', undefined],
  ['', undefined],
  [undefined, undefined],
])('reads %j as %j seconds', (header, seconds) => {
  expect(readWait(header)).toBe(seconds);
});
