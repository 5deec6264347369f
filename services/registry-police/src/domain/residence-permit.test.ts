import { describe, expect, it } from 'vitest';
import { ruleOnPermit } from './residence-permit.js';

const permit = (...periods: [string, string][]) => [{ region: '370102', periods: periods.map(([from, until]) => ({ from, until })) }];
const wanted = { region: '370102', validAt: '2026-08-31' };

describe('residence-permit', () => {
  it('is confirmed on the first and the last day of its validity', () => {
    expect(ruleOnPermit(permit(['2026-08-31', '2027-08-30']), wanted).outcome).toBe('confirmed');
    expect(ruleOnPermit(permit(['2025-09-01', '2026-08-31']), wanted).outcome).toBe('confirmed');
    expect(ruleOnPermit(permit(['2025-09-01', '2026-08-30']), wanted)).toEqual({ outcome: 'refuted' });
    expect(ruleOnPermit(permit(['2026-09-01', '2027-08-31']), wanted)).toEqual({ outcome: 'refuted' });
  });

  it('must be of the region', () => {
    const permits = permit(['2025-08-31', '2027-08-30']);
    expect(ruleOnPermit(permits, { ...wanted, region: '3701' }).outcome).toBe('confirmed');
    expect(ruleOnPermit(permits, { ...wanted, region: '370103' }).outcome).toBe('refuted');
  });

  it('counts twelve months to the day', () => {
    const year = { ...wanted, continuousMonths: 12 };
    expect(ruleOnPermit(permit(['2025-08-31', '2027-08-30']), year)).toEqual({ outcome: 'confirmed', disclosures: { months: 12 } });
    expect(ruleOnPermit(permit(['2025-09-01', '2027-08-31']), year)).toEqual({ outcome: 'refuted', disclosures: { months: 11 } });
  });

  it('goes on through a renewal in time and starts anew after a lapse of a day', () => {
    const year = { ...wanted, continuousMonths: 12 };
    expect(ruleOnPermit(permit(['2025-06-01', '2026-05-31'], ['2026-06-01', '2027-05-31']), year).outcome).toBe('confirmed');
    const lapsed = ruleOnPermit(permit(['2025-06-01', '2026-05-31'], ['2026-06-02', '2027-06-01']), year);
    expect(lapsed).toEqual({ outcome: 'refuted', disclosures: { months: 2 } });
  });
});
