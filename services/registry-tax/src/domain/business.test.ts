import { expect, it } from 'vitest';
import { ruleOnBusiness } from './business.js';

const COMPLETE_TO = '2026-09-29';
const business = (from: string, until?: string) => [{ region: '370102', from, until }];
const active = (businesses: ReturnType<typeof business>, at: string, region = '370102') =>
  ruleOnBusiness(businesses, { region, at }, COMPLETE_TO);

it('business-active counts its first and its last day', () => {
  expect(active(business('2025-08-31'), '2026-08-31')).toEqual({ outcome: 'confirmed', disclosures: { months: 12 } });
  expect(active(business('2025-09-01'), '2026-08-31')).toEqual({ outcome: 'confirmed', disclosures: { months: 11 } });
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
  expect(active(business('2025-09-29'), '2030-01-01')).toEqual({ outcome: 'confirmed', disclosures: { months: 12 } });
});
