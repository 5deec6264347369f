import { describe, expect, it } from 'vitest';
import { type Lease, ruleOnLease } from './lease.js';

const lease = (from: string, until: string, over: Partial<Lease> = {}): Lease => ({
  addressCode: '370102001002003004',
  from,
  until,
  registeredOn: from,
  ...over,
});
const wanted = { region: '370102', coversDate: '2026-08-31' };

describe('registered-lease', () => {
  it('covers its first and its last day', () => {
    expect(ruleOnLease([lease('2026-08-31', '2027-08-30')], wanted).outcome).toBe('confirmed');
    expect(ruleOnLease([lease('2025-08-31', '2026-08-31')], wanted).outcome).toBe('confirmed');
    expect(ruleOnLease([lease('2025-08-31', '2026-08-30')], wanted)).toEqual({ outcome: 'refuted' });
  });

  it('counts the day of registration itself', () => {
    const late = [lease('2025-09-01', '2027-08-31', { registeredOn: '2025-10-01' })];
    expect(ruleOnLease(late, { ...wanted, registeredBefore: '2025-10-01' }).outcome).toBe('confirmed');
    expect(ruleOnLease(late, { ...wanted, registeredBefore: '2025-09-30' }).outcome).toBe('refuted');
  });

  it('counts twelve months to the day, over leases that follow each other', () => {
    const year = { ...wanted, minimumMonths: 12 };
    expect(ruleOnLease([lease('2025-08-31', '2027-08-30')], year)).toEqual({ outcome: 'confirmed', disclosures: { months: 12 } });
    expect(ruleOnLease([lease('2025-09-01', '2027-08-31')], year)).toEqual({ outcome: 'refuted', disclosures: { months: 11 } });
    expect(ruleOnLease([lease('2025-03-01', '2026-02-28'), lease('2026-03-01', '2027-02-28')], year).outcome).toBe('confirmed');
    expect(ruleOnLease([lease('2025-03-01', '2026-02-27'), lease('2026-03-01', '2027-02-28')], year)).toEqual({
      outcome: 'refuted',
      disclosures: { months: 5 },
    });
  });

  it('must be in the region', () => {
    expect(ruleOnLease([lease('2025-01-01', '2027-01-01')], { ...wanted, region: '370202' }).outcome).toBe('refuted');
  });
});
