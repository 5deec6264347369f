import { describe, expect, it } from 'vitest';
import { ruleOnNoHome } from './no-home.js';
import type { Title } from './title.js';

const TODAY = '2026-09-29';
const title = (over: Partial<Title> = {}): Title => ({
  addressCode: '370102001002003004',
  residential: true,
  registeredOn: '2018-05-10',
  handedOverOn: '2018-05-10',
  transferredOn: undefined,
  owners: [{ idNumber: 'mother', share: 100 }],
  ...over,
});
const record = (titles: Title[], unnumberedTitles: Title[] = []) => ({ titles, unnumberedTitles });

describe('no-home-in', () => {
  const noHome = (titles: Title[], regions = ['370102'], unnumbered: Title[] = []) =>
    ruleOnNoHome(record(titles, unnumbered), { regions }, TODAY).outcome;

  it('is confirmed without any home in the regions', () => {
    expect(noHome([])).toBe('confirmed');
    expect(noHome([title()], ['370103', '370104'])).toBe('confirmed');
    expect(noHome([title({ residential: false })])).toBe('confirmed');
    expect(noHome([title({ transferredOn: '2024-01-01' })])).toBe('confirmed');
  });

  it('is refuted by one per cent of a home in one of them', () => {
    expect(noHome([title({ owners: [{ idNumber: 'mother', share: 1 }] })], ['370103', '370102'])).toBe('refuted');
  });

  it('is ambiguous by a title without an ID number', () => {
    expect(noHome([], ['370102'], [title()])).toBe('ambiguous');
    expect(noHome([], ['370103'], [title()])).toBe('confirmed');
  });

  it('counts the months since the last home went, to the day', () => {
    const sold = (transferredOn: string) =>
      ruleOnNoHome(record([title({ transferredOn })]), { regions: ['370102'], noneTransferredMonths: 36, at: '2026-08-31' }, TODAY);
    expect(sold('2023-08-31').outcome).toBe('confirmed');
    expect(sold('2023-09-01')).toEqual({ outcome: 'refuted', disclosures: { earliestIfUnchanged: '2026-09-01' } });
  });

  it('tells from when it would do: then that day does, and the day before does not', () => {
    const titles = [title({ transferredOn: '2024-03-10' }), title({ transferredOn: '2020-01-01' })];
    const ask = (at: string, today = '2027-06-30') =>
      ruleOnNoHome(record(titles), { regions: ['370102'], noneTransferredMonths: 36, at }, today);
    expect(ask('2026-08-31', TODAY)).toEqual({ outcome: 'refuted', disclosures: { earliestIfUnchanged: '2027-03-10' } });
    expect(ask('2027-03-10').outcome).toBe('confirmed');
    expect(ask('2027-03-09').outcome).toBe('refuted');
  });

  it('tells no day while a home is owned, and one on record when it has gone since', () => {
    const wanted = { regions: ['370102'], at: '2026-08-31' };
    expect(ruleOnNoHome(record([title()]), wanted, TODAY)).toEqual({ outcome: 'refuted', disclosures: {} });
    expect(ruleOnNoHome(record([title({ transferredOn: '2026-09-10' })]), wanted, TODAY)).toEqual({
      outcome: 'refuted',
      disclosures: { earliestIfUnchanged: '2026-09-10' },
    });
  });
});
