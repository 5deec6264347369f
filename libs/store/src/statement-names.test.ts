import { expect, it } from 'vitest';
import { createStatementNames } from './statement-names.js';

it('names a text that comes again, always the same', () => {
  const { nameOf } = createStatementNames(10);
  expect(nameOf('select 1')).toBeUndefined();
  const name = nameOf('select 1');
  expect(name).toMatch(/^vouch_\d+$/);
  expect(nameOf('select 1')).toBe(name);
  nameOf('select 2');
  expect(nameOf('select 2')).not.toBe(name);
});

it('stops when there are enough, and keeps what it has', () => {
  const { nameOf } = createStatementNames(2);
  const twice = (text: string) => nameOf(text) ?? nameOf(text);
  const [first, second] = [twice('a'), twice('b')];
  expect(twice('c')).toBeUndefined();
  expect([nameOf('a'), nameOf('b')]).toEqual([first, second]);
});
