import { describe, expect, it } from 'vitest';
import { type HouseholdPage, ruleOnRegistration, ruleOnSinceBirth } from './household.js';

const TODAY = '2026-09-29';
const page = (over: Partial<HouseholdPage> = {}): HouseholdPage => ({
  bookId: 'book-1',
  collective: false,
  addressCode: '370102001002003004',
  registeredOn: '2020-03-05',
  movedOutOn: undefined,
  ...over,
});
const record = (pages: HouseholdPage[], unnumberedPages: HouseholdPage[] = []) => ({ pages, unnumberedPages });
const wanted = { region: '370102', excludeCollective: false };

describe('household-registered', () => {
  it('is confirmed in the county, its city and its province, with the day of registration', () => {
    for (const region of ['370102', '3701', '37', '370102001', '370102001002003004']) {
      expect(ruleOnRegistration(record([page()]), { ...wanted, region }, TODAY)).toEqual({
        outcome: 'confirmed',
        disclosures: { since: '2020-03-05', months: 78 },
      });
    }
  });

  it('is refuted elsewhere, before the day and after moving out', () => {
    expect(ruleOnRegistration(record([page()]), { ...wanted, region: '370103' }, TODAY)).toEqual({ outcome: 'refuted', disclosures: {} });
    expect(ruleOnRegistration(record([page()]), { ...wanted, region: '370102001003' }, TODAY).outcome).toBe('refuted');
    expect(ruleOnRegistration(record([page({ registeredOn: '2026-09-30' })]), wanted, TODAY).outcome).toBe('refuted');
    expect(ruleOnRegistration(record([page({ movedOutOn: TODAY })]), wanted, TODAY).outcome).toBe('refuted');
    expect(ruleOnRegistration(record([]), wanted, TODAY).outcome).toBe('refuted');
  });

  it('counts the day itself as since', () => {
    expect(ruleOnRegistration(record([page()]), { ...wanted, since: '2020-03-05' }, TODAY).outcome).toBe('confirmed');
    expect(ruleOnRegistration(record([page()]), { ...wanted, since: '2020-03-04' }, TODAY).outcome).toBe('refuted');
  });

  it('takes a move inside the region for no break, and one out of it for a break', () => {
    const moved = (from: string, region: string) => [
      page({ registeredOn: '2024-06-01' }),
      page({ registeredOn: '2016-01-01', movedOutOn: from, addressCode: `${region}001002003004`, bookId: 'book-0' }),
    ];
    const city = { ...wanted, region: '3701', since: '2016-01-01' };
    expect(ruleOnRegistration(record(moved('2024-06-01', '370103')), city, TODAY).outcome).toBe('confirmed');
    expect(ruleOnRegistration(record(moved('2024-05-30', '370103')), city, TODAY).outcome).toBe('refuted');
    expect(ruleOnRegistration(record(moved('2024-06-01', '370202')), city, TODAY).outcome).toBe('refuted');
  });

  it('lets a collective household count unless told otherwise', () => {
    const collective = record([page({ collective: true })]);
    expect(ruleOnRegistration(collective, wanted, TODAY).outcome).toBe('confirmed');
    expect(ruleOnRegistration(collective, { ...wanted, excludeCollective: true }, TODAY).outcome).toBe('refuted');
  });

  it('wants the guardian in the same book, both of them still', () => {
    const child = record([page()]);
    expect(ruleOnRegistration(child, wanted, TODAY, record([page({ registeredOn: '2010-01-01' })])).outcome).toBe('confirmed');
    expect(ruleOnRegistration(child, wanted, TODAY, record([page({ bookId: 'book-2' })])).outcome).toBe('refuted');
    expect(ruleOnRegistration(child, wanted, TODAY, record([page({ movedOutOn: '2025-01-01' })])).outcome).toBe('refuted');
  });

  it('is ambiguous where only a page without an ID number would do', () => {
    expect(ruleOnRegistration(record([], [page()]), wanted, TODAY)).toEqual({ outcome: 'ambiguous' });
    expect(ruleOnRegistration(record([page()], [page()]), wanted, TODAY).outcome).toBe('confirmed');
    expect(ruleOnRegistration(record([], [page({ addressCode: '370202001002003004' })]), wanted, TODAY).outcome).toBe('refuted');
    const older = page({ registeredOn: '2010-01-01', movedOutOn: '2020-03-05' });
    expect(ruleOnRegistration(record([page()], [older]), { ...wanted, since: '2015-01-01' }, TODAY).outcome).toBe('ambiguous');
  });

  it('counts full months up to a day, and tells from when they are enough', () => {
    const fiveYears = { ...wanted, at: '2026-08-31', continuousMonths: 60 };
    const since = (registeredOn: string) => ruleOnRegistration(record([page({ registeredOn })]), fiveYears, TODAY);
    expect(since('2021-08-31').outcome).toBe('confirmed');
    expect(since('2021-09-01')).toEqual({ outcome: 'refuted', disclosures: { months: 59, earliestIfUnchanged: '2026-09-01' } });
    const askedThen = (at: string) =>
      ruleOnRegistration(record([page({ registeredOn: '2021-11-20' })]), { ...fiveYears, at }, '2026-12-31').outcome;
    expect(since('2021-11-20')).toMatchObject({ disclosures: { earliestIfUnchanged: '2026-11-20' } });
    expect(askedThen('2026-11-20')).toBe('confirmed');
    expect(askedThen('2026-11-19')).toBe('refuted');
  });

  it('does not tell from when, where a fixed day was missed or the book is another', () => {
    const late = { ...wanted, since: '2020-03-04', continuousMonths: 120 };
    expect(ruleOnRegistration(record([page()]), late, TODAY)).toEqual({ outcome: 'refuted', disclosures: { months: 78 } });
    const years = { ...wanted, continuousMonths: 120 };
    expect(ruleOnRegistration(record([page()]), years, TODAY, record([page({ bookId: 'book-2' })]))).toEqual({
      outcome: 'refuted',
      disclosures: {},
    });
    const moved = record([page({ movedOutOn: '2026-09-15' })]);
    expect(ruleOnRegistration(moved, { ...years, at: '2026-08-31' }, TODAY)).toEqual({ outcome: 'refuted', disclosures: { months: 77 } });
  });
});

describe('registered-since-birth', () => {
  const BORN = '2019-11-30';
  const rule = (pages: HouseholdPage[], over: { withinMonths?: number; unmoved?: boolean } = {}, unnumbered: HouseholdPage[] = []) =>
    ruleOnSinceBirth(record(pages, unnumbered), BORN, { region: '370102', unmoved: false, ...over }, TODAY);
  const first = (over: Partial<HouseholdPage> = {}) => page({ registeredOn: '2019-12-20', ...over });
  const moved = (from: string) => [page({ registeredOn: from, bookId: 'book-2' }), first({ movedOutOn: '2023-05-01' })];

  it('wants the first registration, and no break since', () => {
    expect(rule([first()])).toEqual({ outcome: 'confirmed', disclosures: { since: '2019-12-20' } });
    expect(rule(moved('2023-05-01')).outcome).toBe('confirmed');
    expect(rule(moved('2023-05-02')).outcome).toBe('refuted');
    expect(rule([page({ registeredOn: '2021-01-01' }), first({ addressCode: '370202001002003004', movedOutOn: '2021-01-01' })])).toEqual({
      outcome: 'refuted',
    });
    expect(rule([])).toEqual({ outcome: 'refuted' });
  });

  it('wants one book alone when told so', () => expect(rule(moved('2023-05-01'), { unmoved: true }).outcome).toBe('refuted'));

  it('counts the last day of the months after birth', () => {
    expect(rule([first({ registeredOn: '2020-05-30' })], { withinMonths: 6 }).outcome).toBe('confirmed');
    expect(rule([first({ registeredOn: '2020-05-31' })], { withinMonths: 6 }).outcome).toBe('refuted');
  });

  it('is ambiguous where only a page without an ID number would do', () =>
    expect(rule([], {}, [first()])).toEqual({ outcome: 'ambiguous' }));
});
