import { expect, it } from 'vitest';
import { drawTable, widthOf } from './draw.js';

it('counts Chinese characters as two columns', () => {
  expect(widthOf('住建 ok')).toBe(7);
});

it('aligns columns over mixed scripts', () => {
  const table = drawTable(
    ['部门', 'x'],
    [
      [{ text: 'police' }, { text: '1' }],
      [{ text: '税务' }, { text: '2' }],
    ],
  );
  const plain = table.replaceAll(new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g'), '');
  expect(plain.split('\n').map((line) => widthOf(line))).toEqual([12, 12, 12]);
});
