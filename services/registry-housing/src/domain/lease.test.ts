import { describe, expect, it } from 'vitest';
import { type Lease, ruleOnLease as rule, type WantedLease } from './lease.js';

const ruleOnLease = (leases: readonly Lease[], over: WantedLease, today = '2026-09-29') => rule(leases, over, today);

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
    expect(ruleOnLease([lease('2025-08-31', '2026-08-30')], wanted)).toEqual({ outcome: 'refuted', disclosures: {} });
  });

  it('counts the day of registration itself', () => {
    const late = [lease('2025-09-01', '2027-08-31', { registeredOn: '2025-10-01' })];
    expect(ruleOnLease(late, { ...wanted, registeredBefore: '2025-10-01' }).outcome).toBe('confirmed');
    expect(ruleOnLease(late, { ...wanted, registeredBefore: '2025-09-30' }).outcome).toBe('refuted');
  });

  it('counts twelve months to the day, over leases that follow each other', () => {
    const year = { ...wanted, minimumMonths: 12 };
    expect(ruleOnLease([lease('2025-08-31', '2027-08-30')], year)).toEqual({ outcome: 'confirmed', disclosures: { months: 12 } });
    expect(ruleOnLease([lease('2025-09-01', '2027-08-31')], year)).toEqual({
      outcome: 'refuted',
      disclosures: { months: 11, earliestIfUnchanged: '2026-09-01' },
    });
    expect(ruleOnLease([lease('2025-03-01', '2026-02-28'), lease('2026-03-01', '2027-02-28')], year).outcome).toBe('confirmed');
    expect(ruleOnLease([lease('2025-03-01', '2026-02-27'), lease('2026-03-01', '2027-02-28')], year)).toEqual({
      outcome: 'refuted',
      disclosures: { months: 5, earliestIfUnchanged: '2027-03-01' },
    });
  });

  it('must be in the region', () => {
    expect(ruleOnLease([lease('2025-01-01', '2027-01-01')], { ...wanted, region: '370202' }).outcome).toBe('refuted');
  });

  it('tells from when it would do if the lease goes on: then that day does, and the day before does not', () => {
    const year = { ...wanted, minimumMonths: 12 };
    const running = lease('2025-12-20', '2026-12-19');
    expect(ruleOnLease([running], year).disclosures).toEqual({ months: 8, earliestIfUnchanged: '2026-12-20' });
    const prolonged = [running, lease('2026-12-20', '2027-12-19')];
    expect(ruleOnLease(prolonged, { ...year, coversDate: '2026-12-20' }, '2027-01-05').outcome).toBe('confirmed');
    expect(ruleOnLease(prolonged, { ...year, coversDate: '2026-12-19' }, '2027-01-05').outcome).toBe('refuted');
  });

  it('cannot tell where no lease runs, or none was registered in time', () => {
    const year = { ...wanted, minimumMonths: 12 };
    expect(ruleOnLease([lease('2025-12-20', '2026-09-28')], year).disclosures).toEqual({ months: 8 });
    expect(ruleOnLease([lease('2025-12-20', '2026-12-19')], { ...year, registeredBefore: '2025-12-19' }).disclosures).toEqual({});
  });
});
