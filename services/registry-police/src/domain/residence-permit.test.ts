import { dayBefore } from '@vouch/adapter-sdk/calendar';
import { describe, expect, it } from 'vitest';
import { type ResidencePermit, ruleOnPermit as rule, type WantedPermit } from './residence-permit.js';

const TODAY = '2026-09-29';
type Over = Partial<WantedPermit> & Pick<WantedPermit, 'region' | 'validAt'>;
const ruleOnPermit = (permits: readonly ResidencePermit[], over: Over, today = TODAY) =>
  rule(permits, { consecutive: true, fromApplication: false, ...over }, today);

const permit = (...periods: [string, string][]): ResidencePermit[] => [
  {
    addressCode: '370102001002003004',
    appliedOn: '2025-05-01',
    periods: periods.map(([from, until]) => ({ from, until })),
  },
];
const wanted = { region: '370102', validAt: '2026-08-31' };

describe('residence-permit', () => {
  it('is confirmed on the first and the last day of its validity', () => {
    expect(ruleOnPermit(permit(['2026-08-31', '2027-08-30']), wanted).outcome).toBe('confirmed');
    expect(ruleOnPermit(permit(['2025-09-01', '2026-08-31']), wanted).outcome).toBe('confirmed');
    expect(ruleOnPermit(permit(['2025-09-01', '2026-08-30']), wanted)).toEqual({ outcome: 'refuted', disclosures: {} });
    expect(ruleOnPermit(permit(['2026-09-01', '2027-08-31']), wanted).outcome).toBe('refuted');
  });

  it('must be of the region', () => {
    const permits = permit(['2025-08-31', '2027-08-30']);
    expect(ruleOnPermit(permits, { ...wanted, region: '3701' }).outcome).toBe('confirmed');
    expect(ruleOnPermit(permits, { ...wanted, region: '370103' }).outcome).toBe('refuted');
  });

  it('counts twelve months to the day', () => {
    const year = { ...wanted, continuousMonths: 12 };
    expect(ruleOnPermit(permit(['2025-08-31', '2027-08-30']), year)).toEqual({ outcome: 'confirmed', disclosures: { months: 12 } });
    expect(ruleOnPermit(permit(['2025-09-01', '2027-08-31']), year)).toEqual({
      outcome: 'refuted',
      disclosures: { months: 11, earliestIfUnchanged: '2026-09-01' },
    });
  });

  it('goes on through a renewal in time and starts anew after a lapse of a day', () => {
    const year = { ...wanted, continuousMonths: 12 };
    expect(ruleOnPermit(permit(['2025-06-01', '2026-05-31'], ['2026-06-01', '2027-05-31']), year).outcome).toBe('confirmed');
    const lapsed = ruleOnPermit(permit(['2025-06-01', '2026-05-31'], ['2026-06-02', '2027-06-01']), year);
    expect(lapsed).toEqual({ outcome: 'refuted', disclosures: { months: 2, earliestIfUnchanged: '2027-06-02' } });
  });

  it('tells from when it would do if it is renewed in time: then that day does, and the day before does not', () => {
    const year = { ...wanted, continuousMonths: 12 };
    const start: [string, string] = ['2025-11-15', '2026-11-14'];
    const from = ruleOnPermit(permit(start), year).disclosures;
    expect(from).toEqual({ months: 9, earliestIfUnchanged: '2026-11-15' });
    const renewed = permit(start, ['2026-11-15', '2027-11-14']);
    expect(ruleOnPermit(renewed, { ...year, validAt: '2026-11-15' }, '2026-12-01').outcome).toBe('confirmed');
    expect(ruleOnPermit(renewed, { ...year, validAt: dayBefore('2026-11-15') }, '2026-12-01').outcome).toBe('refuted');
  });

  it('cannot tell of one that has lapsed', () => {
    const year = { ...wanted, continuousMonths: 12 };
    expect(ruleOnPermit(permit(['2025-11-15', '2026-09-28']), year).disclosures).toEqual({ months: 9 });
    expect(ruleOnPermit([], year).disclosures).toEqual({});
  });

  it('may be at an address', () => {
    const permits = permit(['2025-08-31', '2027-08-30']);
    expect(ruleOnPermit(permits, { ...wanted, region: '370102001002003004' }).outcome).toBe('confirmed');
    expect(ruleOnPermit(permits, { ...wanted, region: '370102001003' }).outcome).toBe('refuted');
  });

  it('adds periods up over a gap when told so, and must be valid on the day still', () => {
    const added = { ...wanted, continuousMonths: 12, consecutive: false };
    // Six months, and six and a day.
    expect(ruleOnPermit(permit(['2025-03-01', '2025-08-31'], ['2026-02-28', '2027-02-27']), added)).toEqual({
      outcome: 'confirmed',
      disclosures: { months: 12 },
    });
    expect(ruleOnPermit(permit(['2025-03-01', '2025-08-31'], ['2026-03-01', '2027-02-28']), added)).toEqual({
      outcome: 'refuted',
      disclosures: { months: 11, earliestIfUnchanged: '2026-09-01' },
    });
    expect(ruleOnPermit(permit(['2024-01-01', '2026-08-30']), added).outcome).toBe('refuted');
  });

  it('counts the wait for it when told so, and not instead of it', () => {
    const waited = { ...wanted, continuousMonths: 12, fromApplication: true };
    const late = permit(['2025-11-01', '2026-10-31']);
    expect(ruleOnPermit(late, waited)).toEqual({ outcome: 'confirmed', disclosures: { months: 15 } });
    expect(ruleOnPermit(late, { ...waited, fromApplication: false }).outcome).toBe('refuted');
    expect(ruleOnPermit(permit(['2026-09-15', '2027-09-14']), waited).outcome).toBe('refuted');
  });
});
