import { expect, it } from 'vitest';
import { type RentalTax, ruleOnRentalTax, type WantedRentalTax } from './rental-tax.js';

const TODAY = '2026-09-29';
const tax = (from: string, until: string, paidOn = from): RentalTax => ({ addressCode: '370811001002003004', from, until, paidOn });
const rule = (taxes: RentalTax[], over: Partial<WantedRentalTax> = {}, today = TODAY) =>
  ruleOnRentalTax(taxes, { region: '370811', coversDate: '2026-08-31', fromPayment: false, ...over }, today);

it('rental-tax-paid covers the first and the last day that is paid for, there', () => {
  expect(rule([tax('2026-08-31', '2027-08-30')])).toEqual({ outcome: 'confirmed', disclosures: { months: 0, since: '2026-08-31' } });
  expect(rule([tax('2025-08-31', '2026-08-31')]).outcome).toBe('confirmed');
  expect(rule([tax('2025-08-31', '2026-08-30')])).toEqual({ outcome: 'refuted', disclosures: {} });
  expect(rule([tax('2025-08-31', '2026-12-31')], { region: '370812' }).outcome).toBe('refuted');
});

it('rental-tax-paid counts months to the day, over times that follow each other', () => {
  const year = { minimumMonths: 12 };
  expect(rule([tax('2025-08-31', '2026-12-31')], year).outcome).toBe('confirmed');
  expect(rule([tax('2025-09-01', '2026-12-31')], year)).toEqual({
    outcome: 'refuted',
    disclosures: { months: 11, earliestIfUnchanged: '2026-09-01' },
  });
  expect(rule([tax('2025-03-01', '2026-02-28'), tax('2026-03-01', '2027-02-28')], year).outcome).toBe('confirmed');
  expect(rule([tax('2025-03-01', '2026-02-27'), tax('2026-03-01', '2027-02-28')], year).disclosures.months).toBe(5);
});

it('rental-tax-paid starts its clock with the payment when told so: a day late is a day late', () => {
  const clock = { minimumMonths: 12, fromPayment: true };
  const paid = (paidOn: string) => rule([tax('2025-05-01', '2027-04-30', paidOn)], clock);
  expect(paid('2025-08-31').outcome).toBe('confirmed');
  expect(paid('2025-09-01')).toEqual({ outcome: 'refuted', disclosures: { months: 11, earliestIfUnchanged: '2026-09-01' } });
  expect(rule([tax('2025-05-01', '2026-04-30', '2026-06-01')], clock).disclosures).toEqual({});
});

it('rental-tax-paid tells from when it would do: then that day does, and the day before does not', () => {
  const year = { minimumMonths: 12 };
  const first = tax('2025-12-10', '2026-12-09');
  expect(rule([first], year).disclosures.earliestIfUnchanged).toBe('2026-12-10');
  const goneOn = [first, tax('2026-12-10', '2027-12-09')];
  expect(rule(goneOn, { ...year, coversDate: '2026-12-10' }, '2027-01-31').outcome).toBe('confirmed');
  expect(rule(goneOn, { ...year, coversDate: '2026-12-09' }, '2027-01-31').outcome).toBe('refuted');
});
