import { createPopulation } from '@vouch/population';
import { expect, it } from 'vitest';
import { findShortFamily, SHORT_APPLICATION } from './find-short-family.js';

it('finds a family that is one month short on the day, and not any more on the next month’s first', () => {
  const population = createPopulation();
  const family = findShortFamily(population);
  const months = population
    .socialSecurity(family?.guardian ?? expect.fail('there is none'))
    .months.filter(({ scheme }) => scheme === 'pension-employee')
    .map(({ month }) => month);
  const upTo = (day: string) => months.filter((month) => month <= day.slice(0, 7)).length;
  expect([upTo(SHORT_APPLICATION.applicationDate), upTo('2026-06-01')]).toEqual([5, 6]);
});
