import { describe, expect, it } from 'vitest';
import { type HouseholdPage, ruleOnRegistration } from './household.js';

const TODAY = '2026-09-29';
const page = (over: Partial<HouseholdPage> = {}): HouseholdPage => ({
  bookId: 'book-1',
  collective: false,
  region: '370102',
  registeredOn: '2020-03-05',
  movedOutOn: undefined,
  ...over,
});
const record = (pages: HouseholdPage[], unnumberedPages: HouseholdPage[] = []) => ({ pages, unnumberedPages });
const wanted = { region: '370102', excludeCollective: false };

describe('household-registered', () => {
  it('is confirmed in the county, its city and its province, with the day of registration', () => {
    for (const region of ['370102', '3701', '37']) {
      expect(ruleOnRegistration(record([page()]), { ...wanted, region }, TODAY)).toEqual({
        outcome: 'confirmed',
        disclosures: { since: '2020-03-05' },
      });
    }
  });

  it('is refuted elsewhere, before the day and after moving out', () => {
    expect(ruleOnRegistration(record([page()]), { ...wanted, region: '370103' }, TODAY)).toEqual({ outcome: 'refuted' });
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
      page({ registeredOn: '2016-01-01', movedOutOn: from, region, bookId: 'book-0' }),
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
    expect(ruleOnRegistration(record([], [page({ region: '370202' })]), wanted, TODAY).outcome).toBe('refuted');
    const older = page({ registeredOn: '2010-01-01', movedOutOn: '2020-03-05' });
    expect(ruleOnRegistration(record([page()], [older]), { ...wanted, since: '2015-01-01' }, TODAY).outcome).toBe('ambiguous');
  });
});
