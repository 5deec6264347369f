import { createPopulation, type Family, type Person, type Population } from '@vouch/population';

/** A family that is one month of insurance short on a day, and whose months go on. */
export interface ShortFamily {
  readonly child: Person;
  readonly guardian: Person;
}

/** Zhaoyuan wants six unbroken months up to the application; this many there are on the day. */
const REGION = '370685';
const MONTHS = ['2026-01', '2026-02', '2026-03', '2026-04', '2026-05'];
const NEXT = '2026-06';

/** The application, and where it is made. */
export const SHORT_APPLICATION = { region: REGION, requirementSet: '370685/primary/2023', applicationDate: '2026-05-15' } as const;

/** A family of Zhaoyuan that is one month short on the application's day, found by its facts and not by asking Vouch; the registries know them too. */
export function findShortFamily(population: Population = createPopulation()): ShortFamily | undefined {
  for (const family of population.familiesOf(REGION)) {
    const [guardian] = family.guardians;
    if (guardian && family.entering === 'primary' && isShort(population, guardian) && isClear(population, family, guardian)) {
      return { child: family.child, guardian };
    }
  }
  return undefined;
}

/** Insured from the first of the months on, each month, also the next one, and in a job all along. */
function isShort(population: Population, guardian: Person): boolean {
  const { months, employments } = population.socialSecurity(guardian);
  const insured = months.filter(({ scheme }) => scheme === 'pension-employee');
  const regular = insured.filter(({ region, kind }) => region === REGION && kind === 'regular').map(({ month }) => month);
  return (
    insured.every(({ month }) => month >= (MONTHS[0] as string)) &&
    [...MONTHS, NEXT].every((month) => regular.includes(month)) &&
    employments.some(({ region, until }) => region === REGION && until === undefined)
  );
}

/** Owns a home there, and nothing about these people needs a person to look. */
function isClear(population: Population, { child }: Family, guardian: Person): boolean {
  const { homes, unnumberedHomes } = population.housing(guardian);
  const { guardians } = population.police(child);
  return (
    guardians.some(({ guardian: known, endedOn }) => known.idNumber === guardian.idNumber && endedOn === undefined) &&
    [child, guardian].every((person) => population.police(person).unnumberedPages.length === 0) &&
    unnumberedHomes.length === 0 &&
    homes.some(
      ({ region, use, happenedOn, transferredOn }) =>
        region === REGION &&
        use === 'residential' &&
        happenedOn <= SHORT_APPLICATION.applicationDate &&
        (transferredOn === undefined || transferredOn > `${NEXT}-01`),
    ) &&
    population.tax(guardian).businesses.length === 0
  );
}
