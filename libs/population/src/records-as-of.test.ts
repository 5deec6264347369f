import { describe, expect, it } from 'vitest';
import type { Population } from './family.js';
import { createPopulation } from './population.js';

const late = createPopulation();
const early = createPopulation({ today: '2026-03-15' });
const families = Array.from({ length: 2000 }, (_, n) => late.family(n * 481));
const parents = families.flatMap(({ guardians }) => guardians);

describe('records as of a day', { timeout: 30_000 }, () => {
  it('hold nothing that was recorded later', () => {
    for (const person of parents) {
      const { page, previousPages, permits, guardians, wards } = early.police(person);
      const housing = early.housing(person);
      const tax = early.tax(person);
      const { months, employments, flexibleWork } = early.socialSecurity(person, { from: '2025-06' });
      const records: readonly { readonly recordedOn: string }[] = [
        ...(page ? [page] : []),
        ...previousPages,
        ...permits,
        ...permits.flatMap(({ periods }) => periods),
        ...guardians,
        ...wards,
        ...housing.homes,
        ...housing.presales,
        ...housing.resettlements,
        ...housing.leases,
        ...housing.publicRentals,
        ...tax.deedTaxes,
        ...tax.businesses,
        ...tax.rentalTaxes,
        ...tax.filings,
        ...tax.invoices,
        ...months,
        ...employments,
        ...flexibleWork,
      ];
      if (records.some(({ recordedOn }) => recordedOn > early.today)) expect.fail('A record from the future');
      if (tax.deedTaxes.some(({ paidOn }) => paidOn !== undefined && paidOn > early.today)) expect.fail('A payment from the future');
      if (housing.presales.some(({ preNoticeOn, handedOverOn }) => [preNoticeOn, handedOverOn].some((day) => (day ?? '') >= early.today)))
        expect.fail('A hand-over from the future');
      if (housing.homes.some(({ transferredOn }) => transferredOn !== undefined && transferredOn >= early.today))
        expect.fail('A sale from the future');
    }
  });

  it('change with the day', () => {
    const homes = (population: Population) => parents.reduce((sum, person) => sum + population.housing(person).homes.length, 0);
    const divorces = (population: Population) =>
      families.filter(({ child }) => population.police(child).guardians.some(({ divorcedOn }) => divorcedOn !== undefined)).length;
    expect(homes(late)).toBeGreaterThan(homes(early));
    expect(divorces(late)).toBeGreaterThan(divorces(early));
  });

  it('keep a page in force until the move from it is on record', () => {
    const moved = families.filter(({ child }) => {
      const { page } = late.police(child);
      return page?.reason === 'moved-in' && page.recordedOn > early.today;
    });
    expect(moved.length).toBeGreaterThan(0);
    for (const { child } of moved) {
      const before = early.police(child).page;
      expect(before?.movedOutOn).toBeUndefined();
      expect(late.police(child).previousPages.map(({ bookId }) => bookId)).toContain(before?.bookId);
    }
  });

  it('are complete to the day that each agency says', () => {
    expect(late.asOf('social-security')).toBe('2026-08-31');
    expect(createPopulation({ today: '2026-08-31' }).asOf('social-security')).toBe('2026-07-31');
    expect(createPopulation({ today: '2026-09-20' }).asOf('social-security')).toBe('2026-08-31');
    expect(createPopulation({ today: '2026-09-19' }).asOf('social-security')).toBe('2026-07-31');
    expect(late.asOf('housing')).toBe('2026-09-29');
  });

  it('lag as the agencies do: titles a day, net-signing none, leases and permits three, insurance 10 to 20 after the month; a few much longer', () => {
    const lags = { home: [] as number[], presale: [] as number[], lease: [] as number[], month: [] as number[] };
    const days = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / 86_400_000;
    for (const person of parents) {
      const housing = late.housing(person);
      lags.home.push(...housing.homes.map(({ happenedOn, recordedOn }) => days(happenedOn, recordedOn)));
      lags.presale.push(...housing.presales.map(({ happenedOn, recordedOn }) => days(happenedOn, recordedOn)));
      lags.lease.push(...housing.leases.map(({ happenedOn, recordedOn }) => days(happenedOn, recordedOn)));
      const { months } = late.socialSecurity(person, { schemes: ['pension-employee'], from: '2025-01' });
      for (const { month, kind, recordedOn } of months) {
        const [year, number] = month.split('-').map(Number) as [number, number];
        if (kind === 'regular') lags.month.push(days(new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10), recordedOn));
      }
    }
    const usual = { home: [1, 1], presale: [0, 0], lease: [0, 3], month: [10, 20] } as const;
    for (const [kind, [from, to]] of Object.entries(usual)) {
      const all = lags[kind as keyof typeof lags];
      const inTime = all.filter((lag) => lag >= from && lag <= to).length / all.length;
      expect(inTime, kind).toBeGreaterThan(0.95);
      expect(inTime, kind).toBeLessThan(1);
      expect(Math.min(...all), kind).toBeGreaterThanOrEqual(from);
    }
  });
});
