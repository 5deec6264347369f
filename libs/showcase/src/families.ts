import type { Subject } from '@vouch/client';
import type { Family, Person, Population } from '@vouch/population';
import type { DemoFamily } from './demo-file.js';

const REGION = '370102';
const CUT_OFF = '2026-08-31';
const WANTED = { 'local-household-own-home': 3, 'migrant-renting': 2, none: 3 } as const;

/**
 * Families of Lixia, Jinan, whose lookup of `370102/primary/2026` has a clear end, found by their facts and not by asking Vouch:
 * first those with a household register and a home, then renting migrants, then some who meet neither.
 */
export function findDemoFamilies(population: Population): DemoFamily[] {
  const found: Record<keyof typeof WANTED, DemoFamily[]> = { 'local-household-own-home': [], 'migrant-renting': [], none: [] };
  for (const family of population.familiesOf(REGION)) {
    const kind = kindOf(population, family);
    if (kind !== undefined && found[kind].length < WANTED[kind]) found[kind].push(toDemoFamily(family, kind));
    if (Object.entries(WANTED).every(([name, count]) => found[name as keyof typeof WANTED].length >= count)) break;
  }
  return Object.values(found).flat();
}

/** The alternative that a family clearly meets, `none` when it clearly meets none, undefined when it is not so clear. */
function kindOf(population: Population, family: Family): keyof typeof WANTED | undefined {
  const { child, guardians, union, entering } = family;
  const guardian = guardians[0];
  if (!guardian || entering !== 'primary' || union !== 'married' || !clearRecords(population, child, guardian)) return undefined;
  if (livesInOwnHome(population, child, guardian)) return 'local-household-own-home';
  if (rentsAsMigrant(population, guardian)) return 'migrant-renting';
  return ownsAndRentsNothing(population, child, guardian) ? 'none' : undefined;
}

/** Nothing about these people needs a person to look. */
function clearRecords(population: Population, child: Person, guardian: Person): boolean {
  const recorded = population.police(child).guardians.find((guardianship) => guardianship.guardian.idNumber === guardian.idNumber);
  return (
    recorded !== undefined &&
    recorded.endedOn === undefined &&
    recorded.recordedOn <= population.today &&
    [child, guardian].every((person) => population.police(person).unnumberedPages.length === 0) &&
    population.housing(guardian).unnumberedHomes.length === 0
  );
}

function livesInOwnHome(population: Population, child: Person, guardian: Person): boolean {
  const page = population.police(child).page;
  const guardianPage = population.police(guardian).page;
  const home = population
    .housing(guardian)
    .homes.find((one) => one.region === REGION && one.use === 'residential' && one.ownership === 'sole' && one.transferredOn === undefined);
  return (
    page?.region === REGION &&
    page.bookType === 'family' &&
    page.bookId === guardianPage?.bookId &&
    [page, guardianPage].every((one) => one.recordedOn <= population.today) &&
    home !== undefined &&
    home.recordedOn <= population.today &&
    population
      .tax(guardian)
      .deedTaxes.some(
        (tax) => tax.homeId === home.homeId && tax.paymentRecordedOn !== undefined && tax.paymentRecordedOn <= population.today,
      )
  );
}

function rentsAsMigrant(population: Population, guardian: Person): boolean {
  const permitted = population.police(guardian).permits.some((permit) => permit.region === REGION && unbroken(permit.periods));
  const leased = population
    .housing(guardian)
    .leases.some(
      (lease) => lease.region === REGION && lease.from <= CUT_OFF && lease.until >= CUT_OFF && lease.recordedOn <= population.today,
    );
  return permitted && leased && insuredForAYear(population, guardian);
}

/** Whether periods, oldest first, cover the year before the cut-off day without a gap. */
function unbroken(periods: readonly { readonly from: string; readonly until: string }[]): boolean {
  let covered = '2025-08-01';
  for (const { from, until } of periods) {
    if (from <= nextDay(covered) && until > covered) covered = until;
  }
  return covered >= CUT_OFF && periods.some(({ from }) => from <= '2025-08-01');
}

const nextDay = (day: string): string => new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);

function insuredForAYear(population: Population, guardian: Person): boolean {
  const paid = population
    .socialSecurity(guardian)
    .months.filter(
      (month) =>
        month.scheme === 'pension-employee' &&
        month.kind === 'regular' &&
        month.region.startsWith('3701') &&
        month.month >= '2025-09' &&
        month.month <= '2026-08' &&
        month.recordedOn <= population.today,
    );
  return new Set(paid.map((month) => month.month)).size === 12;
}

function ownsAndRentsNothing(population: Population, child: Person, guardian: Person): boolean {
  const housing = population.housing(guardian);
  const page = population.police(child).page;
  return (
    page !== undefined && housing.homes.length === 0 && housing.leases.length === 0 && population.police(guardian).permits.length === 0
  );
}

function toDemoFamily(family: Family, kind: keyof typeof WANTED): DemoFamily {
  const [guardian] = family.guardians;
  const subjects = { child: toSubject(family.child), guardian: toSubject(guardian as Person) };
  return { ...subjects, subjects, expected: kind === 'none' ? 'not_met' : 'met', ...(kind === 'none' ? {} : { alternative: kind }) };
}

const toSubject = ({ idNumber, name }: Person): Subject => ({ idNumber, name });
