import { describe, expect, it } from 'vitest';
import type { HouseholdPage } from './household.js';
import { ruleOnSharing, type WantedSharing } from './shared-book.js';

const TODAY = '2026-09-29';
const page = (bookId: string, registeredOn: string, over: Partial<HouseholdPage> = {}): HouseholdPage => ({
  bookId,
  collective: false,
  addressCode: `370602${bookId}`,
  registeredOn,
  movedOutOn: undefined,
  ...over,
});
const record = (pages: HouseholdPage[], unnumberedPages: HouseholdPage[] = []) => ({ pages, unnumberedPages });
const grandmother = record([page('1', '1990-05-05')]);
const rule = (child: HouseholdPage[], relative = grandmother, over: Partial<WantedSharing> = {}, today = TODAY) =>
  ruleOnSharing(record(child), relative, { at: '2026-08-31', sinceBirth: false, ...over }, today);

describe('same-book', () => {
  it('is confirmed from the day on which both are on it, and to the day on which one leaves', () => {
    expect(rule([page('1', '2020-01-15')])).toEqual({ outcome: 'confirmed', disclosures: { since: '2020-01-15', months: 79 } });
    expect(rule([page('1', '2026-08-31')]).outcome).toBe('confirmed');
    expect(rule([page('1', '2026-09-01')]).outcome).toBe('refuted');
    expect(rule([page('1', '2020-01-15', { movedOutOn: '2026-08-31' })]).outcome).toBe('refuted');
    expect(rule([page('2', '2020-01-15')])).toEqual({ outcome: 'refuted', disclosures: {} });
  });

  it('counts full months to the day, and tells from when they are enough', () => {
    const years = { continuousMonths: 60 };
    expect(rule([page('1', '2021-08-31')], grandmother, years).outcome).toBe('confirmed');
    expect(rule([page('1', '2021-09-01')], grandmother, years)).toEqual({
      outcome: 'refuted',
      disclosures: { months: 59, earliestIfUnchanged: '2026-09-01' },
    });
    const askedThen = (at: string) => rule([page('1', '2021-11-20')], grandmother, { ...years, at }, '2026-12-31').outcome;
    expect(rule([page('1', '2021-11-20')], grandmother, years)).toMatchObject({ disclosures: { earliestIfUnchanged: '2026-11-20' } });
    expect(askedThen('2026-11-20')).toBe('confirmed');
    expect(askedThen('2026-11-19')).toBe('refuted');
  });

  it('goes on when they move together, and breaks when one follows a day later', () => {
    const elder = record([page('2', '2024-03-01'), page('1', '1990-05-05', { movedOutOn: '2024-03-01' })]);
    const child = (movedOn: string) => [page('2', movedOn), page('1', '2020-01-15', { movedOutOn: movedOn })];
    expect(rule(child('2024-03-01'), elder, { sinceBirth: true })).toMatchObject({
      outcome: 'confirmed',
      disclosures: { since: '2020-01-15' },
    });
    expect(rule(child('2024-03-02'), elder, { sinceBirth: true })).toEqual({ outcome: 'refuted', disclosures: { months: 29 } });
    expect(rule(child('2024-03-02'), elder).outcome).toBe('confirmed');
  });

  it('since birth means since the first registration', () => {
    const since = { sinceBirth: true };
    expect(rule([page('1', '2020-01-15')], grandmother, since).outcome).toBe('confirmed');
    const cameLater = [page('1', '2021-06-01'), page('3', '2020-01-15', { movedOutOn: '2021-06-01' })];
    expect(rule(cameLater, grandmother, since).outcome).toBe('refuted');
    expect(rule([page('1', '2020-01-15')], record([page('1', '2020-01-16')]), since).outcome).toBe('refuted');
  });

  it('is of a book in the region, and of no collective one', () => {
    expect(rule([page('1', '2020-01-15')], grandmother, { region: '3706021' }).outcome).toBe('confirmed');
    expect(rule([page('1', '2020-01-15')], grandmother, { region: '370613' })).toEqual({ outcome: 'refuted', disclosures: {} });
    expect(rule([page('1', '2020-01-15', { collective: true })]).outcome).toBe('refuted');
  });

  it('is ambiguous where only a page without an ID number would do', () => {
    expect(rule([page('1', '2020-01-15')], record([], [page('1', '1990-05-05')]))).toEqual({ outcome: 'ambiguous' });
    expect(rule([page('2', '2020-01-15')], record([], [page('1', '1990-05-05')])).outcome).toBe('refuted');
  });
});
