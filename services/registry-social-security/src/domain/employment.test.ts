import { expect, it } from 'vitest';
import { ruleOnEmployment } from './employment.js';

const job = (from: string, until?: string) => [{ region: '370102', from, until }];
const employed = (jobs: ReturnType<typeof job>, at = '2026-08-31', region = '370102') =>
  ruleOnEmployment(jobs, { region, at }, '2026-08-31').outcome;

it('employed-in counts the first and the last day', () => {
  expect(employed(job('2026-08-31'))).toBe('confirmed');
  expect(employed(job('2026-09-01'))).toBe('refuted');
  expect(employed(job('2020-01-01', '2026-08-31'))).toBe('confirmed');
  expect(employed(job('2020-01-01', '2026-08-30'))).toBe('refuted');
});

it('employed-in must be in the region', () => {
  expect(employed(job('2020-01-01'), '2026-08-31', '37')).toBe('confirmed');
  expect(employed(job('2020-01-01'), '2026-08-31', '370202')).toBe('refuted');
});

it('employed-in takes a day after the records end for their last', () => {
  expect(employed(job('2020-01-01', '2026-08-31'), '2026-09-15')).toBe('confirmed');
  expect(employed(job('2020-01-01', '2026-08-30'), '2026-09-15')).toBe('refuted');
});
