import { expect, test } from 'vitest';
import { resultOf } from './result.js';

test('an answer outranks a refusal, a refusal the silence, and silence counts once it is overdue', () => {
  expect(resultOf({ answered: true, refused: true, overdue: true })).toBe('answered');
  expect(resultOf({ answered: false, refused: true, overdue: true })).toBe('refused');
  expect(resultOf({ answered: false, refused: false, overdue: true })).toBe('answer_unknown');
  expect(resultOf({ answered: false, refused: false, overdue: false })).toBe('under_way');
});
