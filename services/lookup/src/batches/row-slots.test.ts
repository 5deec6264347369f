import { expect, it } from 'vitest';
import { createRowSlots, roomFor } from './row-slots.js';

it('gives way to people, and never wholly', () => {
  expect([0, 0.01, 0.1, 1, 1_000].map((people) => roomFor(96, people))).toEqual([96, 48, 8, 1, 1]);
});

it('lets as many in as there is room for at the moment, in their order', async () => {
  let people = 0;
  const slots = createRowSlots(8, { people: () => people, mostOf: () => 1_000 });
  const entered: number[] = [];
  const enter = (name: number) => slots.enter('one').then(() => entered.push(name));
  for (let name = 1; name <= 12; name += 1) void enter(name);
  await new Promise(setImmediate);
  expect(entered).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  people = 0.01;
  for (let left = 0; left < 4; left += 1) slots.leave('one');
  await new Promise(setImmediate);
  expect(entered).toHaveLength(8);
  slots.leave('one');
  await new Promise(setImmediate);
  expect(entered).toHaveLength(9);
  people = 0;
  slots.leave('one');
  await new Promise(setImmediate);
  expect(entered).toHaveLength(12);
});

it('keeps each platform to its own bound, and lets others in past one that is at it', async () => {
  const most: Record<string, number> = { small: 2, large: 100 };
  const slots = createRowSlots(5, { people: () => 0, mostOf: (platform) => most[platform] ?? 0 });
  const entered: string[] = [];
  for (const platform of ['small', 'small', 'small', 'small', 'large', 'large', 'large', 'large']) {
    void slots.enter(platform).then(() => entered.push(platform));
  }
  await new Promise(setImmediate);
  expect(entered).toEqual(['small', 'small', 'large', 'large', 'large']);
  slots.leave('large');
  await new Promise(setImmediate);
  expect(entered.at(-1)).toBe('large');
  slots.leave('small');
  await new Promise(setImmediate);
  expect(entered.slice(6)).toEqual(['small']);
});

it('lets one row of a platform in that uses up its bound by itself', async () => {
  const slots = createRowSlots(5, { people: () => 0, mostOf: () => -3 });
  await slots.enter('one');
  let second = false;
  void slots.enter('one').then(() => {
    second = true;
  });
  await new Promise(setImmediate);
  expect(second).toBe(false);
  slots.leave('one');
  await new Promise(setImmediate);
  expect(second).toBe(true);
});
