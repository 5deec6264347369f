import { expect, it } from 'vitest';
import { accepts, chooseType } from './accept.js';

it.each([
  [undefined, 'a/x'],
  ['*/*', 'a/x'],
  ['a/y, */*;q=0.1', 'a/y'],
  ['a/*;q=0.5, b/z', 'b/z'],
  ['a/x;q=0, a/*', 'a/y'],
  ['c/d', undefined],
])('given %s, chooses %s', (accept, type) => expect(chooseType(accept, ['a/x', 'a/y', 'b/z'])).toBe(type));

it.each([
  ['application/json;q=0', false],
  ['application/json;q=0, application/problem+json', true],
  ['application/*', true],
  ['text/csv', false],
])('given %s, JSON may be served: %s', (accept, may) => expect(accepts(accept)).toBe(may));
