import { monthsEarlier } from '@vouch/adapter-sdk/calendar';
import { expect, it } from 'vitest';
import { type Filing, ruleOnFilings, type WantedFilings } from './filing.js';

const filed = (count: number, last = '2026-08', over: Partial<Filing> = {}): Filing[] =>
  Array.from({ length: count }, (_, earlier) => ({ month: monthsEarlier(last, earlier), region: '371302', zero: false, ...over }));
const rule = (filings: Filing[], over: Partial<WantedFilings> = {}, completeTo = '2026-09-29') =>
  ruleOnFilings(filings, { region: '3713', atLeast: 6, endingAt: '2026-08-31', consecutive: true, countZero: true, ...over }, completeTo);

it('filed-months is confirmed at the threshold and refuted one month short', () => {
  expect(rule(filed(6))).toEqual({ outcome: 'confirmed', disclosures: { months: 6, shortBy: 0 } });
  expect(rule(filed(5))).toEqual({ outcome: 'refuted', disclosures: { months: 5, shortBy: 1, earliestIfUnchanged: '2026-09-01' } });
});

it('filed-months counts a month with nothing to pay unless told otherwise', () => {
  const zeros = [...filed(3), ...filed(3, '2026-05', { zero: true })];
  expect(rule(zeros).outcome).toBe('confirmed');
  expect(rule(zeros, { countZero: false }).disclosures.months).toBe(3);
});

it('filed-months keeps to its region and its window, and counts a month of two businesses once', () => {
  expect(rule(filed(6), { region: '370102' })).toEqual({ outcome: 'refuted', disclosures: { months: 0, shortBy: 6 } });
  expect(rule(filed(12), { startingAt: '2026-04', consecutive: false }).disclosures.months).toBe(5);
  expect(rule([...filed(5), ...filed(5)]).disclosures.months).toBe(5);
});

it('filed-months closes a month on the fifteenth of the next', () => {
  expect(rule(filed(6), {}, '2026-09-15').outcome).toBe('confirmed');
  // August may be declared still, and is not looked at.
  expect(rule(filed(6), {}, '2026-09-14').disclosures).toMatchObject({ months: 5 });
});

it('filed-months tells from when it would do: then that day does, and the day before does not', () => {
  expect(rule(filed(3)).disclosures.earliestIfUnchanged).toBe('2026-11-01');
  const goneOn = filed(6, '2026-11');
  expect(rule(goneOn, { endingAt: '2026-11-01' }, '2026-12-31').outcome).toBe('confirmed');
  expect(rule(goneOn, { endingAt: '2026-10-31' }, '2026-12-31').outcome).toBe('refuted');
  expect(rule(filed(3, '2026-07')).disclosures).toEqual({ months: 0, shortBy: 6 });
});
