import { isDay, isWithin } from '@vouch/identity';
import type {
  Day,
  Family,
  Guardianship,
  HousingFacts,
  InsuredWithin,
  Person,
  PoliceFacts,
  Population,
  PopulationOptions,
  RecordsAgency,
  SocialSecurityFacts,
  TaxFacts,
  TaxWithin,
} from './family.js';
import { deedTaxesBy, endingsBy, homesBy, insuredMonthsBy, pagesBy, permitsBy, presalesBy, recordedBy } from './making/as-of.js';
import { makeBirthFamily } from './making/birth-families.js';
import { makeBooks } from './making/books.js';
import { fromDay, lastDayOf, monthOf, toDay } from './making/calendar.js';
import { settle } from './making/counties.js';
import { mix } from './making/draws.js';
import { makeGuardianships } from './making/guardianships.js';
import { type Housing, makeHousing } from './making/homes.js';
import { makeFilings, makeInvoices, makeRentalTaxes } from './making/levies.js';
import { type Life, makeLife } from './making/life.js';
import { createNumbering } from './making/numbering.js';
import { makeKin } from './making/people.js';
import { makePermits } from './making/permits.js';
import { createPermutation, PERMUTED } from './making/permutation.js';
import { makeBusinesses, makeEmployments, makeFlexibleWork, makeInsuredMonths } from './making/work.js';
import { STORY_END, type World } from './making/world.js';

/** Seed unless said. */
const DEFAULT_SEED = 2026;
const DEFAULT_FAMILIES = 1_000_000;
const EARLIEST_TODAY = '2026-01-01';
const REGION_KEY = 2;
/** Insurance is on record this many days after a month's end. */
const INSURANCE_LAG = 20;

/** A population of a seed. Throws RangeError when an option is out of range. */
export function createPopulation(options: PopulationOptions = {}): Population {
  const world = createWorld(options);
  const today = toDay(world.today);
  // Questions about one family come together; only the last one is kept.
  const kinOf = keepLast((index) => makeKin(world, index));
  const storyOf = keepLast((index): Story => {
    const life = makeLife(world, kinOf(index));
    return { life, housing: makeHousing(life) };
  });
  return {
    seed: world.seed,
    families: world.families,
    today,
    family(index) {
      if (!Number.isInteger(index) || index < 0 || index >= world.families) {
        throw new RangeError(`There is no family ${index}: indexes go from 0 to ${world.families - 1}`);
      }
      return kinOf(index).family;
    },
    familiesOf: (region) => familiesOf(world, region),
    find(idNumber) {
      const located = world.numbering.locate(idNumber);
      if (!located || located.family >= world.families) return undefined;
      const { family } = kinOf(located.family);
      const person = family.people.find((candidate) => candidate.idNumber === idNumber);
      return person && { family, person };
    },
    police: (person) => policeFacts(storyOf(person.family), person, today),
    housing: (person) => housingFacts(storyOf(person.family), person, today),
    tax: (person, within) => taxFacts(storyOf(person.family), person, today, within),
    socialSecurity: (person, within) => socialSecurityFacts(makeLife(world, kinOf(person.family)), person, today, within),
    asOf: (agency) => asOf(agency, world.today),
  };
}

/** A family's story as far as all agencies share it. */
interface Story {
  readonly life: Life;
  readonly housing: Housing;
}

/** The function, asked again for the same index, gives the same thing without computing it anew. */
function keepLast<T>(make: (index: number) => T): (index: number) => T {
  let last: { index: number; made: T } | undefined;
  return (index) => {
    if (last?.index !== index) last = { index, made: make(index) };
    return last.made;
  };
}

function createWorld({ seed = DEFAULT_SEED, families = DEFAULT_FAMILIES, today = toDay(STORY_END) }: PopulationOptions): World {
  if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32) throw new RangeError('seed must be a whole number from 0 to 4294967295');
  if (!Number.isInteger(families) || families < 1 || families > PERMUTED) {
    throw new RangeError(`families must be a whole number from 1 to ${PERMUTED}`);
  }
  if (!isDay(today) || today < EARLIEST_TODAY || today > toDay(STORY_END)) {
    throw new RangeError(`today must be a day from ${EARLIEST_TODAY} to ${toDay(STORY_END)}`);
  }
  return {
    seed,
    families,
    today: fromDay(today),
    numbering: createNumbering(seed),
    settlements: settle(PERMUTED),
    regionShuffle: createPermutation(mix(seed, REGION_KEY)),
  };
}

function* familiesOf(world: World, region: string): Iterable<Family> {
  for (const { county, from, to } of world.settlements) {
    if (region === '' || !isWithin(county.code, region)) continue;
    for (let place = from; place < to; place++) {
      const index = world.regionShuffle.inverse(place);
      if (index < world.families) yield makeKin(world, index).family;
    }
  }
}

function policeFacts({ life, housing }: Story, person: Person, today: Day): PoliceFacts {
  const books = makeBooks(life, housing);
  const [page, ...previousPages] = pagesBy(today, books.pages.get(person.idNumber) ?? []);
  const guardianships = recordedBy(today, makeGuardianships(life)).map((guardianship) => knownBy(guardianship, today));
  return {
    person,
    page,
    previousPages,
    unnumberedPages: pagesBy(today, books.unnumbered.get(person.idNumber) ?? []),
    permits: permitsBy(today, makePermits(life, housing, books, person)),
    birthFamily: makeBirthFamily(life, person),
    guardians: guardianships.filter(({ ward }) => ward.idNumber === person.idNumber),
    wards: guardianships.filter(({ guardian }) => guardian.idNumber === person.idNumber),
  };
}

/** A guardianship as known on a day: a divorce or an ending that comes later has not happened. */
function knownBy(guardianship: Guardianship, today: Day): Guardianship {
  const { divorcedOn, endedOn } = guardianship;
  const ended = endedOn !== undefined && endedOn < today ? endedOn : undefined;
  if (divorcedOn === undefined || divorcedOn < today) return { ...guardianship, endedOn: ended };
  return { ...guardianship, custody: 'shared', divorcedOn: undefined, endedOn: ended };
}

function housingFacts({ housing }: Story, person: Person, today: Day): HousingFacts {
  const { homes, unnumberedHomes, presales, resettlements, leases, publicRentals } = housing;
  const mine = (people: readonly { readonly idNumber: string }[]) => people.some(({ idNumber }) => idNumber === person.idNumber);
  const owned = homesBy(today, homes);
  const titled = new Set(owned.map(({ homeId }) => homeId));
  return {
    person,
    homes: owned.filter(({ owners }) => mine(owners.map(({ owner }) => owner))),
    unnumberedHomes: homesBy(
      today,
      unnumberedHomes.filter(({ idNumber }) => idNumber === person.idNumber).map(({ home }) => home),
    ),
    presales: presalesBy(today, presales, titled).filter(({ buyers }) => mine(buyers)),
    resettlements: recordedBy(today, resettlements).filter(({ holders }) => mine(holders)),
    leases: recordedBy(today, leases).filter(({ tenants }) => mine(tenants)),
    publicRentals: recordedBy(today, publicRentals).filter(({ tenants }) => mine(tenants)),
  };
}

function taxFacts({ life, housing }: Story, person: Person, today: Day, within: TaxWithin = {}): TaxFacts {
  const mine = (people: readonly { readonly idNumber: string }[]) => people.some(({ idNumber }) => idNumber === person.idNumber);
  const wants = (list: NonNullable<TaxWithin['lists']>[number]) => within.lists === undefined || within.lists.includes(list);
  const businesses = wants('businesses') || wants('filings') ? makeBusinesses(life, person) : [];
  const filings = wants('filings') ? businesses.flatMap((business) => makeFilings(life, business)) : [];
  return {
    person,
    deedTaxes: wants('deedTaxes') ? deedTaxesBy(today, housing.deedTaxes).filter(({ payers }) => mine(payers)) : [],
    businesses: wants('businesses') ? endingsBy(today, businesses) : [],
    rentalTaxes: wants('rentalTaxes') ? recordedBy(today, makeRentalTaxes(life, housing)).filter(({ tenants }) => mine(tenants)) : [],
    filings: recordedBy(today, filings),
    invoices: wants('invoices') ? recordedBy(today, makeInvoices(life, housing)).filter(({ buyers }) => mine(buyers)) : [],
  };
}

function socialSecurityFacts(life: Life, person: Person, today: Day, within: InsuredWithin | undefined): SocialSecurityFacts {
  return {
    person,
    months: insuredMonthsBy(today, makeInsuredMonths(life, person, within)),
    employments: endingsBy(today, makeEmployments(life, person)),
    flexibleWork: endingsBy(today, makeFlexibleWork(life, person)),
  };
}

/** Police and housing see what happened the day before; tax, too; social security has whole months. */
function asOf(agency: RecordsAgency, today: number): Day {
  return toDay(agency === 'social-security' ? lastDayOf(monthOf(today - INSURANCE_LAG + 1) - 1) : today - 1);
}
