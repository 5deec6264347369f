import { describe, expect, it } from 'vitest';
import type { Family } from './family.js';
import { createPopulation } from './population.js';

// Expected shares come from the collected facts about Shandong, or from the assumptions that they state; tolerances allow for the sample.

const population = createPopulation({ seed: 3 });
const families = Array.from({ length: 6000 }, (_, n) => population.family(n * 163));
const bigCity = new Set('370102 370103 370104 370105 370112 370202 370203 370211 370212 370213 370214'.split(' '));

const share = <T>(list: readonly T[], holds: (item: T) => boolean): number => list.filter(holds).length / list.length;
const within = (value: number, from: number, to: number) => {
  expect(value).toBeGreaterThanOrEqual(from);
  expect(value).toBeLessThanOrEqual(to);
};

const parents = families.flatMap(({ guardians }) => guardians);
const housing = families.map((family) => ({ family, of: family.guardians.map((person) => population.housing(person)) }));
const monthNumber = (month = '') => Number(month.slice(0, 4)) * 12 + Number(month.slice(5));
const monthsSpanned = (list: readonly { readonly month: string }[]) => monthNumber(list.at(-1)?.month) - monthNumber(list[0]?.month) + 1;
const owns = ({ of }: (typeof housing)[number]) =>
  of.some(({ homes }) => homes.some(({ use, transferredOn }) => use === 'residential' && transferredOn === undefined));
const insurance = parents.map((person) => population.socialSecurity(person, { from: '2024-09' }));
const pension = insurance.map(({ months }) => months.filter(({ scheme }) => scheme === 'pension-employee'));

describe('families', { timeout: 30_000 }, () => {
  it('have children who mostly enter school in 2026; some are 14 and over', () => {
    within(
      share(families, ({ entering }) => entering === 'primary'),
      0.41,
      0.47,
    );
    within(
      share(families, ({ entering }) => entering === 'junior'),
      0.21,
      0.27,
    );
    within(
      share(families, ({ child }) => child.birthDate <= '2012-08-31'),
      0.05,
      0.12,
    );
  });

  it('have 112 boys for 100 girls', () =>
    within(
      share(families, ({ child }) => child.sex === 'male'),
      0.51,
      0.55,
    ));

  it('have twins in 1.5 of 100 births, and mostly more than one child', () => {
    within(
      share(families, ({ child, siblings }) => siblings.some(({ birthDate }) => birthDate === child.birthDate)),
      0.01,
      0.02,
    );
    within(
      share(families, ({ siblings }) => siblings.length > 0),
      0.57,
      0.72,
    );
  });

  it('are divorced, of one parent, with guardians appointed by a court', () => {
    within(
      share(families, ({ union }) => union === 'divorced'),
      0.07,
      0.1,
    );
    within(
      share(families, ({ union }) => union === 'one-parent'),
      0.04,
      0.065,
    );
    within(
      share(families, ({ child }) => population.police(child).guardians.some(({ basis }) => basis === 'court')),
      0.0005,
      0.006,
    );
  });

  it('live in the counties by their size', () => {
    within(
      share(families, ({ region }) => region.startsWith('3713')),
      0.09,
      0.125,
    );
    within(
      share(families, ({ region }) => region.startsWith('3702')),
      0.085,
      0.115,
    );
    within(
      share(families, ({ region }) => region.startsWith('3705')),
      0.015,
      0.03,
    );
  });
});

describe('names', { timeout: 30_000 }, () => {
  it('have the surnames of the province', () => {
    within(
      share(parents, ({ name }) => name.startsWith('王')),
      0.06,
      0.09,
    );
    within(
      share(parents, ({ name }) => name.startsWith('李')),
      0.06,
      0.09,
    );
    within(
      share(parents, ({ name }) => name.startsWith('于')),
      0.006,
      0.02,
    );
  });

  it('are shared by people who have nothing to do with each other', () => {
    const names = parents.map(({ name }) => name);
    within(1 - new Set(names).size / names.length, 0.1, 0.6);
  });

  it('of children are the mother’s for a few', () => {
    const complete = families.filter(({ union }) => union === 'married');
    const mothers = share(complete, ({ guardians, child }) => {
      const initialOf = (kinship: string) => guardians.find((person) => person.kinship === kinship)?.name.charAt(0);
      return initialOf('mother') === child.name.charAt(0) && initialOf('father') !== child.name.charAt(0);
    });
    within(mothers, 0.02, 0.06);
  });
});

describe('the register', { timeout: 30_000 }, () => {
  const migrants = (list: readonly Family[]) =>
    share(list, ({ child, region }) => {
      const { page } = population.police(child);
      return page !== undefined && page.region !== region;
    });

  it('has 15 to 25 % migrants in urban districts, about 5 % elsewhere', () => {
    within(migrants(families.filter(({ region }) => bigCity.has(region))), 0.18, 0.32);
    within(migrants(families.filter(({ region }) => Number(region.slice(4)) > 20)), 0.03, 0.13);
  });

  it('has few on collective books, some on grandparents’ books, and rarely an old page without a number', () => {
    const pages = families.map((family) => ({
      family,
      child: population.police(family.child),
      guardian: population.police(family.guardians[0] ?? family.child),
    }));
    within(
      share(pages, ({ guardian }) => guardian.page?.bookType === 'collective'),
      0.004,
      0.02,
    );
    within(
      share(pages, ({ family, child }) =>
        family.grandparents.some((person) => population.police(person).page?.bookId === child.page?.bookId),
      ),
      0.15,
      0.3,
    );
    within(
      share(pages, ({ child }) => child.unnumberedPages.length > 0),
      0.0005,
      0.006,
    );
    within(
      share(pages, ({ child, guardian }) => child.page?.bookId === guardian.page?.bookId),
      0.9,
      0.99,
    );
  });

  it('has parents who are only children, more of the younger ones', () => {
    const only = (people: typeof parents) =>
      share(people, (person) => {
        const { brothers, sisters } = population.police(person).birthFamily;
        return brothers + sisters === 0;
      });
    within(only(parents.filter(({ birthDate }) => birthDate >= '1980-09-25')), 0.4, 0.52);
    within(only(parents.filter(({ birthDate }) => birthDate < '1980-09-25')), 0.02, 0.15);
  });

  it('gives most migrant guardians a permit, with gaps in some', () => {
    const outsiders = families.flatMap(({ guardians: [guardian], region }) => {
      const police = guardian && population.police(guardian);
      return police?.page && police.page.region.slice(0, 4) !== region.slice(0, 4) ? [police] : [];
    });
    within(
      share(outsiders, ({ permits }) => permits.length > 0),
      0.5,
      0.9,
    );
    const several = outsiders.flatMap(({ permits }) => permits).filter(({ periods }) => periods.length > 2);
    const nextDay = (day: string) => new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
    const gaps = share(several, ({ periods }) => periods.some(({ from }, at) => at > 0 && from !== nextDay(periods[at - 1]?.until ?? '')));
    within(gaps, 0.1, 0.6);
  });
});

describe('housing', { timeout: 30_000 }, () => {
  it('is owned by most, in all forms', () => {
    within(share(housing, owns), 0.7, 0.96);
    const homes = housing.flatMap(({ of }) => of.flatMap((facts) => facts.homes));
    within(
      share(homes, ({ ownership }) => ownership === 'joint'),
      0.25,
      0.5,
    );
    within(
      share(homes, ({ ownership }) => ownership === 'shares'),
      0.1,
      0.3,
    );
    within(
      share(homes, ({ use }) => use !== 'residential'),
      0.05,
      0.25,
    );
  });

  it('is rented by lease or from the city by some, bought before it is built by a few', () => {
    within(
      share(housing, ({ of }) => of.some(({ leases }) => leases.some(({ until }) => until >= '2026-08-31'))),
      0.04,
      0.12,
    );
    within(
      share(housing, ({ of }) => of.some(({ publicRentals }) => publicRentals.length > 0)),
      0.005,
      0.02,
    );
    within(
      share(housing, ({ of }) => of.some(({ presales }) => presales.some(({ state }) => state === 'filed'))),
      0.02,
      0.05,
    );
  });

  it('was promised for an old one that was pulled down, for a few', () => {
    within(
      share(housing, ({ of }) => of.some(({ resettlements }) => resettlements.length > 0)),
      0.007,
      0.02,
    );
  });

  it('of grandparents is on old titles without a number for a few', () => {
    within(
      share(families, ({ grandparents }) => grandparents.some((person) => population.housing(person).unnumberedHomes.length > 0)),
      0.002,
      0.02,
    );
  });

  it('has deed tax paid for what has a title, by a third for what has a contract only', () => {
    const taxes = parents.flatMap((person) => population.tax(person).deedTaxes);
    within(
      share(taxes, ({ paidOn }) => paidOn !== undefined),
      0.93,
      0.99,
    );
  });
});

describe('tax', { timeout: 30_000 }, () => {
  it('on the rent is paid for two in five of the leases on file', () => {
    const tenants = housing.flatMap(({ of }) => of).filter(({ leases }) => leases.length > 0);
    within(
      share(tenants, ({ person }) => population.tax(person).rentalTaxes.length > 0),
      0.28,
      0.46,
    );
  });

  it('is declared by most businesses each month, often with nothing to pay', () => {
    const filings = parents.map((person) => population.tax(person).filings).filter((list) => list.length > 0);
    within(
      share(filings.flat(), ({ zero }) => zero),
      0.4,
      0.5,
    );
    const everyMonth = share(filings, (list) => new Set(list.map(({ month }) => month)).size === monthsSpanned(list));
    within(everyMonth, 0.88, 0.97);
  });
});

describe('insurance', { timeout: 30_000 }, () => {
  it('covers about 39 % as employees, more in big cities', () => {
    const now = (months: (typeof pension)[number]) => months.some(({ month }) => month === '2026-08');
    within(share(pension, now), 0.36, 0.5);
    const inBigCity = pension.filter((_, at) => bigCity.has(population.family(parents[at]?.family ?? 0).region));
    within(share(inBigCity, now), 0.45, 0.7);
  });

  it('is residents’ insurance for most others, and none for a few', () => {
    within(
      share(insurance, ({ months }) => months.some(({ scheme }) => scheme === 'pension-resident')),
      0.4,
      0.6,
    );
    within(
      share(insurance, ({ months }) => months.length === 0),
      0.02,
      0.09,
    );
  });

  it('has gaps, back-payments, and employers in arrears, of whom some still owe', () => {
    const insured = pension.filter((months) => months.length > 0);
    const wanted = Array.from({ length: 12 }, (_, n) => `${n < 4 ? 2025 : 2026}-${String(((n + 8) % 12) + 1).padStart(2, '0')}`);
    const year = insured.map((months) => wanted.filter((month) => months.some((paid) => paid.month === month)).length);
    within(
      share(year, (count) => count === 12),
      0.6,
      0.85,
    );
    within(
      share(year, (count) => count > 0 && count < 12),
      0.12,
      0.35,
    );
    within(
      share(insured, (months) => months.some(({ kind }) => kind === 'back-payment')),
      0.01,
      0.06,
    );
    within(
      share(insured, (months) => months.some(({ kind }) => kind === 'arrears')),
      0.015,
      0.06,
    );
    within(
      share(insured, (months) => months.some(({ paidOn }) => paidOn === undefined)),
      0.004,
      0.03,
    );
  });

  it('is paid by themselves by a twelfth of the parents, registered for flexible work', () => {
    within(
      share(insurance, ({ flexibleWork }) => flexibleWork.length > 0),
      0.06,
      0.1,
    );
  });

  it('stands beside businesses of about a tenth of the parents', () => {
    within(
      share(parents, (person) => population.tax(person).businesses.length > 0),
      0.08,
      0.14,
    );
  });
});
