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

const lasting = (jobs: ReturnType<typeof job>, at = '2026-08-31', completeTo = '2026-08-31') =>
  ruleOnEmployment(jobs, { region: '370102', at, continuousMonths: 6 }, completeTo);

it('employed-in counts months to the day, over jobs that follow each other', () => {
  expect(lasting(job('2026-02-28'))).toEqual({ outcome: 'confirmed', disclosures: { months: 6, since: '2026-02-28' } });
  expect(lasting(job('2026-03-01'))).toEqual({ outcome: 'refuted', disclosures: { months: 5, earliestIfUnchanged: '2026-09-01' } });
  expect(lasting([...job('2026-01-05', '2026-05-31'), ...job('2026-06-01')]).outcome).toBe('confirmed');
  expect(lasting([...job('2026-01-05', '2026-05-30'), ...job('2026-06-01')]).disclosures).toEqual({
    months: 2,
    earliestIfUnchanged: '2026-12-01',
  });
});

it('employed-in tells from when it would do: then that day does, and the day before does not', () => {
  expect(lasting(job('2026-03-10')).disclosures.earliestIfUnchanged).toBe('2026-09-10');
  expect(lasting(job('2026-03-10'), '2026-09-10', '2026-12-31').outcome).toBe('confirmed');
  expect(lasting(job('2026-03-10'), '2026-09-09', '2026-12-31').outcome).toBe('refuted');
  expect(lasting(job('2026-03-10', '2026-08-30')).disclosures).toEqual({});
});
