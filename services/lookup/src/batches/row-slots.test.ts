import { expect, it } from 'vitest';
import { createRowSlots, roomFor } from './row-slots.js';

it('gives way to people, and never wholly', () => {
  expect([0, 4, 12, 1_000].map((interactive) => roomFor(96, interactive))).toEqual([96, 48, 24, 1]);
});

it('lets as many in as there is room for at the moment, in their order', async () => {
  let interactive = 0;
  const slots = createRowSlots(8, () => interactive);
  const entered: number[] = [];
  const enter = (name: number) => slots.enter().then(() => entered.push(name));
  for (let name = 1; name <= 12; name += 1) void enter(name);
  await new Promise(setImmediate);
  expect(entered).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  interactive = 4;
  for (let left = 0; left < 4; left += 1) slots.leave();
  await new Promise(setImmediate);
  expect(entered).toHaveLength(8);
  slots.leave();
  await new Promise(setImmediate);
  expect(entered).toHaveLength(9);
  interactive = 0;
  slots.leave();
  await new Promise(setImmediate);
  expect(entered).toHaveLength(12);
});
