import { describe, expect, it } from 'vitest';
import { type Lease, ruleOnLease as rule, type WantedLease } from './lease.js';

type Over = Partial<WantedLease> & Pick<WantedLease, 'region' | 'coversDate'>;
const ruleOnLease = (leases: readonly Lease[], over: Over, today = '2026-09-29') =>
  rule(leases, { kind: 'any', fromRegistration: false, sameAddress: false, ...over }, today);

const lease = (from: string, until: string, over: Partial<Lease> = {}): Lease => ({
  addressCode: '370102001002003004',
  from,
  until,
  registeredOn: from,
  publicRental: false,
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

  it('counts from its registration when told so: a day late is a day late', () => {
    const clock = { ...wanted, minimumMonths: 12, fromRegistration: true };
    const registered = (registeredOn: string) => ruleOnLease([lease('2025-05-01', '2027-04-30', { registeredOn })], clock);
    expect(registered('2025-08-31').outcome).toBe('confirmed');
    expect(registered('2025-09-01')).toEqual({ outcome: 'refuted', disclosures: { months: 11, earliestIfUnchanged: '2026-09-01' } });
    // A renewal that was registered late leaves a gap.
    const renewed = [lease('2025-03-01', '2026-02-28'), lease('2026-03-01', '2027-02-28', { registeredOn: '2026-03-02' })];
    expect(ruleOnLease(renewed, clock).disclosures.months).toBe(5);
    expect(ruleOnLease(renewed, { ...clock, fromRegistration: false }).outcome).toBe('confirmed');
    expect(ruleOnLease([lease('2025-03-01', '2026-02-28', { registeredOn: '2026-03-05' })], clock).disclosures).toEqual({});
  });

  it('may have to be at one address', () => {
    const two = [lease('2025-03-01', '2026-02-28', { addressCode: '370102009009009009' }), lease('2026-03-01', '2027-02-28')];
    expect(ruleOnLease(two, { ...wanted, minimumMonths: 12 }).outcome).toBe('confirmed');
    expect(ruleOnLease(two, { ...wanted, minimumMonths: 12, sameAddress: true })).toEqual({
      outcome: 'refuted',
      disclosures: { months: 5, earliestIfUnchanged: '2027-03-01' },
    });
  });

  it('may have to be on file, or a public rental', () => {
    const both = [lease('2026-01-01', '2026-12-31'), lease('2025-01-01', '2027-12-31', { publicRental: true })];
    const months = (kind: WantedLease['kind']) => ruleOnLease(both, { ...wanted, kind }).disclosures.months;
    expect([months('any'), months('filed'), months('public-rental')]).toEqual([19, 7, 19]);
  });
});
