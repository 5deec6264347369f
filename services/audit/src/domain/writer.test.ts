import { expect, test } from 'vitest';
import { writerOf } from './writer.js';

test('a key of a verification tells its writer; that of a consent or of the catalogue none', () => {
  expect(writerOf('c:v1', 'v1')).toBe('consent');
  expect(writerOf('l:v1', 'v1')).toBe('lookup');
  for (const [key, id] of [
    ['c:c1', ''],
    ['c:', ''],
    ['l:catalogue', ''],
    ['c:v10', 'v1'],
    ['c:v1', 'v10'],
    ['x:v1', 'v1'],
    ['v1', 'v1'],
  ] as const) {
    expect(writerOf(key, id)).toBeUndefined();
  }
});
