import { expect, it } from 'vitest';
import { ruleOnAge } from './age.js';

const sixOn = (at: string) => ({ at, years: 6 });

it('age-on counts the birthday itself', () => {
  expect(ruleOnAge('2020-08-31', sixOn('2026-08-31')).outcome).toBe('confirmed');
  expect(ruleOnAge('2020-09-01', sixOn('2026-08-31')).outcome).toBe('refuted');
});

it('age-on moves a birthday of 29 February to 1 March', () => {
  expect(ruleOnAge('2020-02-29', sixOn('2026-02-28')).outcome).toBe('refuted');
  expect(ruleOnAge('2020-02-29', sixOn('2026-03-01')).outcome).toBe('confirmed');
});
