import { expect, it } from 'vitest';
import { ruleOnBusiness } from './business.js';

const COMPLETE_TO = '2026-09-29';
const business = (from: string, until?: string) => [{ region: '370102', from, until }];
const active = (businesses: ReturnType<typeof business>, at: string, region = '370102', continuousMonths?: number) =>
  ruleOnBusiness(businesses, { region, at, ...(continuousMonths === undefined ? {} : { continuousMonths }) }, COMPLETE_TO);

it('business-active counts its first and its last day', () => {
  expect(active(business('2025-08-31'), '2026-08-31')).toEqual({
    outcome: 'confirmed',
    disclosures: { months: 12, since: '2025-08-31' },
  });
  expect(active(business('2025-09-01'), '2026-08-31').disclosures.months).toBe(11);
  expect(active(business('2026-08-31'), '2026-08-31').outcome).toBe('confirmed');
  expect(active(business('2026-09-01'), '2026-08-31').outcome).toBe('refuted');
  expect(active(business('2020-01-01', '2026-08-31'), '2026-08-31').outcome).toBe('confirmed');
  expect(active(business('2020-01-01', '2026-08-30'), '2026-08-31').outcome).toBe('refuted');
});

it('business-active must be in the region', () => {
  expect(active(business('2020-01-01'), '2026-08-31', '3701').outcome).toBe('confirmed');
  expect(active(business('2020-01-01'), '2026-08-31', '370103').outcome).toBe('refuted');
});

it('business-active promises nothing beyond the records', () => {
  expect(active(business('2025-09-29'), '2030-01-01').disclosures.months).toBe(12);
});

it('business-active counts the months of one licence to the day', () => {
  expect(active(business('2025-08-31'), '2026-08-31', '370102', 12).outcome).toBe('confirmed');
  expect(active(business('2025-09-01'), '2026-08-31', '370102', 12)).toEqual({
    outcome: 'refuted',
    disclosures: { months: 11, earliestIfUnchanged: '2026-09-01' },
  });
  const two = [...business('2025-01-01', '2026-02-28'), ...business('2026-03-01')];
  expect(active(two, '2026-08-31', '370102', 12).disclosures).toEqual({ months: 5, earliestIfUnchanged: '2027-03-01' });
});

it('business-active tells from when it would do: then that day does, and the day before does not', () => {
  const later = (at: string) =>
    ruleOnBusiness(business('2025-12-10'), { region: '370102', at, continuousMonths: 12 }, '2027-01-31').outcome;
  expect(active(business('2025-12-10'), '2026-08-31', '370102', 12).disclosures.earliestIfUnchanged).toBe('2026-12-10');
  expect(later('2026-12-10')).toBe('confirmed');
  expect(later('2026-12-09')).toBe('refuted');
  expect(active(business('2025-12-10', '2026-09-20'), '2026-08-31', '370102', 12).disclosures).toEqual({ months: 8 });
  expect(active([], '2026-08-31', '370102', 12).disclosures).toEqual({});
});
