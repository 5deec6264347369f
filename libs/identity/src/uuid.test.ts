import { expect, it } from 'vitest';
import { createUuid } from './uuid.js';

it('makes ids of version 7 that differ, and sort by the time of making', async () => {
  const many = Array.from({ length: 5_000 }, createUuid);
  expect(new Set(many).size).toBe(many.length);
  for (const id of many) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  const timeOf = (id: string) => id.slice(0, 13);
  expect(many.map(timeOf).sort()).toEqual(many.map(timeOf));
});
