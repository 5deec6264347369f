import { daysLater, endOfMonth, monthsEarlier } from '@vouch/adapter-sdk/calendar';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type InsuredMonth, ruleOnBackPayment, ruleOnInsurance, type WantedMonths } from './insurance.js';

const COMPLETE_TO = '2026-08-31';
const month = (at: string, over: Partial<InsuredMonth> = {}): InsuredMonth => ({
  month: at,
  scheme: 'pension-employee',
  region: '370102',
  byEmployer: true,
  paidOn: `${at}-20`,
  payment: 'on-time',
  ...over,
});
const YEAR = [
  '2025-09',
  '2025-10',
  '2025-11',
  '2025-12',
  '2026-01',
  '2026-02',
  '2026-03',
  '2026-04',
  '2026-05',
  '2026-06',
  '2026-07',
  '2026-08',
];
const paid = (months: string[], over: Partial<InsuredMonth> = {}) => months.map((at) => month(at, over));
const wanted: WantedMonths = {
  schemes: ['pension-employee'],
  atLeast: 12,
  endingAt: '2026-08-31',
  consecutive: true,
  countBackPayments: false,
  byEmployer: false,
};

describe('insured-months', () => {
  it('is confirmed at the threshold and refuted one month short', () => {
    expect(ruleOnInsurance(paid(YEAR), wanted, COMPLETE_TO)).toEqual({
      outcome: 'confirmed',
      disclosures: { months: 12, shortBy: 0, firstPaid: '2025-09-20' },
    });
    expect(ruleOnInsurance(paid(YEAR.slice(1)), wanted, COMPLETE_TO)).toEqual({
      outcome: 'refuted',
      disclosures: { months: 11, shortBy: 1, firstPaid: '2025-10-20', earliestIfUnchanged: '2026-09-01' },
    });
  });

  it('takes the end as a month or a day in it, inclusive', () => {
    const toJuly = { ...wanted, atLeast: 11 };
    expect(ruleOnInsurance(paid(YEAR), { ...toJuly, endingAt: '2026-07' }, COMPLETE_TO).outcome).toBe('confirmed');
    expect(ruleOnInsurance(paid(YEAR), { ...toJuly, endingAt: '2026-07-01' }, COMPLETE_TO).disclosures.months).toBe(11);
    expect(ruleOnInsurance(paid(YEAR), { ...toJuly, endingAt: '2026-06' }, COMPLETE_TO).disclosures).toMatchObject({
      months: 10,
      shortBy: 1,
      earliestIfUnchanged: '2026-07-01',
    });
  });

  it('breaks a run at a gap, and counts over it when told so', () => {
    const gap = paid(YEAR.filter((at) => at !== '2026-03'));
    expect(ruleOnInsurance(gap, wanted, COMPLETE_TO).disclosures).toMatchObject({ months: 5, shortBy: 7 });
    expect(ruleOnInsurance(gap, { ...wanted, consecutive: false }, COMPLETE_TO).disclosures).toMatchObject({ months: 11, shortBy: 1 });
    expect(ruleOnInsurance(paid(YEAR.slice(0, 11)), wanted, COMPLETE_TO).disclosures.months).toBe(0);
  });

  it('counts late payments only when told so, and arrears never', () => {
    const months = (payment: InsuredMonth['payment']) => [...paid(YEAR.slice(1)), month('2025-09', { payment })];
    const withLate = { ...wanted, countBackPayments: true };
    expect(ruleOnInsurance(months('late'), wanted, COMPLETE_TO).outcome).toBe('refuted');
    expect(ruleOnInsurance(months('late'), withLate, COMPLETE_TO).outcome).toBe('confirmed');
    expect(ruleOnInsurance(months('owed'), withLate, COMPLETE_TO).outcome).toBe('refuted');
  });

  it('keeps schemes and regions apart, and counts a month once', () => {
    expect(ruleOnInsurance(paid(YEAR, { scheme: 'pension-resident' }), wanted, COMPLETE_TO).disclosures.months).toBe(0);
    expect(ruleOnInsurance(paid(YEAR), { ...wanted, region: '3701' }, COMPLETE_TO).outcome).toBe('confirmed');
    expect(ruleOnInsurance(paid(YEAR), { ...wanted, region: '3702' }, COMPLETE_TO).outcome).toBe('refuted');
    const twice = [...paid(YEAR.slice(1)), ...paid(YEAR.slice(1), { region: '370202' })];
    expect(ruleOnInsurance(twice, { ...wanted, consecutive: false }, COMPLETE_TO).disclosures.months).toBe(11);
  });

  it('ends at the last closed month when asked about a later one', () => {
    expect(ruleOnInsurance(paid(YEAR), { ...wanted, endingAt: '2026-09-30' }, COMPLETE_TO).outcome).toBe('confirmed');
    expect(ruleOnInsurance(paid(YEAR), wanted, '2026-07-31').disclosures.months).toBe(11);
  });
});

describe('insured-months for counties that want more', () => {
  const months = (list: InsuredMonth[], over: Partial<WantedMonths> = {}) =>
    ruleOnInsurance(list, { ...wanted, consecutive: false, ...over }, COMPLETE_TO).disclosures.months;

  it('counts in a window, in any order, its first month and its last included', () => {
    const window = { startingAt: '2025-12-01', endingAt: '2026-06-30' };
    expect(months(paid(YEAR), window)).toBe(7);
    expect(months(paid(YEAR.filter((at) => at !== '2025-12' && at !== '2026-06')), window)).toBe(5);
    expect(months([...paid(YEAR.slice(4)), month('2025-12', { payment: 'late' })], window)).toBe(6);
  });

  it('wants a month in each of several schemes', () => {
    const both = [...paid(YEAR), ...paid(YEAR.slice(3), { scheme: 'medical-employee' })];
    expect(months(both, { schemes: ['pension-employee', 'medical-employee'] })).toBe(9);
    expect(months(paid(YEAR), { schemes: ['pension-employee', 'medical-employee'] })).toBe(0);
  });

  it('leaves out what the insured paid themselves, when an employer must', () => {
    const mixed = [...paid(YEAR.slice(0, 4), { byEmployer: false }), ...paid(YEAR.slice(4))];
    expect([months(mixed), months(mixed, { byEmployer: true })]).toEqual([12, 8]);
  });

  it('tells when the first month that counts was paid', () => {
    const firstPaid = (over: Partial<WantedMonths>) =>
      ruleOnInsurance(paid(YEAR), { ...wanted, ...over }, COMPLETE_TO).disclosures.firstPaid;
    expect(firstPaid({})).toBe('2025-09-20');
    expect(firstPaid({ region: '3702' })).toBeUndefined();
  });
});

describe('back-paid', () => {
  const window = { scheme: 'pension-employee' as const, startingAt: '2025-09', endingAt: '2026-05-31' };
  const rule = (at: string, payment: InsuredMonth['payment'] = 'late') => ruleOnBackPayment([month(at, { payment })], window).outcome;

  it('is confirmed by one late month in the window', () => {
    expect([rule('2025-08'), rule('2025-09'), rule('2026-05'), rule('2026-06')]).toEqual(['refuted', 'confirmed', 'confirmed', 'refuted']);
    expect([rule('2026-01', 'on-time'), rule('2026-01', 'owed')]).toEqual(['refuted', 'refuted']);
  });

  it('keeps schemes and regions apart', () => {
    const late = [month('2026-01', { payment: 'late' })];
    expect(ruleOnBackPayment(late, { ...window, scheme: 'medical-employee' }).outcome).toBe('refuted');
    expect(ruleOnBackPayment(late, { ...window, region: '3702' }).outcome).toBe('refuted');
    expect(ruleOnBackPayment(late, { ...window, region: '3701' }).outcome).toBe('confirmed');
  });
});

describe('the first month that would be enough', () => {
  const from = (months: InsuredMonth[], over: Partial<WantedMonths> = {}, completeTo = COMPLETE_TO) =>
    ruleOnInsurance(months, { ...wanted, ...over }, completeTo).disclosures.earliestIfUnchanged;

  it('comes when every month from now on is paid', () => {
    expect(from(paid(YEAR.slice(1)))).toBe('2026-09-01');
    expect(from(paid(YEAR.filter((at) => at !== '2026-03')))).toBe('2027-03-01');
    expect(from(paid(YEAR.filter((at) => at !== '2026-03')), { consecutive: false })).toBe('2026-09-01');
    expect(from(paid(YEAR.slice(1)), { countBackPayments: true })).toBe('2026-09-01');
  });

  it('is found on record when a later month than the one asked about is enough', () => {
    expect(from(paid(YEAR), { atLeast: 6, endingAt: '2026-01' })).toBe('2026-02-01');
  });

  it('may come before the end that was asked about', () => {
    expect(from(paid(YEAR.slice(0, 9)), { atLeast: 10, endingAt: '2026-08-31' }, '2026-05-31')).toBe('2026-06-01');
  });

  it('cannot be told when the last closed month is not insured, not paid, or paid late where that does not count', () => {
    expect(from(paid(YEAR.slice(0, 11)))).toBeUndefined();
    expect(from([])).toBeUndefined();
    expect(from([...paid(YEAR.slice(1, 11)), month('2026-08', { payment: 'owed' })])).toBeUndefined();
    expect(from([...paid(YEAR.slice(1, 11)), month('2026-08', { payment: 'late' })])).toBeUndefined();
    expect(from(paid(YEAR.slice(1)), { region: '3702' })).toBeUndefined();
  });

  it('is right where payments do go on, and the day before is not', () => {
    const anyMonth = fc.integer({ min: 0, max: 30 }).map((earlier) => monthsEarlier('2026-08', earlier));
    const records = fc.uniqueArray(
      fc.record({ month: anyMonth, payment: fc.constantFrom<InsuredMonth['payment']>('on-time', 'on-time', 'late', 'owed') }),
      { selector: ({ month: at }) => at, maxLength: 31 },
    );
    const asked = fc.record({
      atLeast: fc.integer({ min: 1, max: 40 }),
      endingAt: anyMonth,
      consecutive: fc.boolean(),
      countBackPayments: fc.boolean(),
    });
    fc.assert(
      fc.property(records, asked, (paidSoFar, over) => {
        const query = { ...wanted, ...over };
        const before = paidSoFar.map(({ month: at, payment }) => month(at, { payment }));
        const day = ruleOnInsurance(before, query, COMPLETE_TO).disclosures.earliestIfUnchanged;
        if (day === undefined) return;
        const goneOn = Array.from({ length: 60 }, (_, later) => month(monthsEarlier('2026-09', -later)));
        const ask = (endingAt: string) => ruleOnInsurance([...before, ...goneOn], { ...query, endingAt }, endOfMonth('2031-08-01')).outcome;
        expect(ask(day)).toBe('confirmed');
        expect(ask(daysLater(day, -1))).toBe('refuted');
      }),
    );
  });
});
