import { ageOn, isWithin } from '@vouch/identity';
import { CUT_OFF_DAY } from '../entry.js';
import { covers, type FamilyView, hasGap, lagOf, NOTABLE_LAG_DAYS, permitMonths, residentialHomes, unbrokenMonths } from './view.js';

/** A condition on families. */
export type Filter = (view: FamilyView) => boolean;

/** What can be asked for: a fact that holds or not, or a number that is compared. */
type Definition = { readonly says: string } & (
  | { readonly holds: (view: FamilyView) => boolean }
  | { readonly measures: (view: FamilyView) => number }
);

/** Text of a filter that cannot be read, for the user. */
export class FilterError extends Error {
  override readonly name = 'FilterError';
}

const child = ({ family }: FamilyView) => family.child;
const page = (view: FamilyView) => view.child.police.page;
const parentsOwnHere = (view: FamilyView) => view.guardians.flatMap((guardian) => residentialHomes(guardian, view.family.region));
const largestShareOf = (view: FamilyView): number =>
  Math.max(
    0,
    ...view.guardians.flatMap((guardian) =>
      residentialHomes(guardian, view.family.region).flatMap(({ owners }) =>
        owners.filter(({ owner }) => owner.idNumber === guardian.person.idNumber).map(({ share }) => share ?? 0),
      ),
    ),
  );
const pensionMonths = (view: FamilyView, kind: 'back-payment' | 'arrears') =>
  view.guardians.some(({ socialSecurity }) => socialSecurity.months.some((month) => month.kind === kind));
const leaseOf = (view: FamilyView) =>
  view.guardians.some(({ housing }) => housing.leases.some((lease) => lease.region === view.family.region && covers(lease, CUT_OFF_DAY)));

/** All filters by name. Facts are what the agencies' records show; "here" is the county where the family lives. */
export const FILTERS: Readonly<Record<string, Definition>> = {
  'entering-primary': { says: 'the child enters primary school in 2026', holds: ({ family }) => family.entering === 'primary' },
  'entering-junior': { says: 'the child enters junior middle school in 2026', holds: ({ family }) => family.entering === 'junior' },
  age: { says: "the child's age on 2026-08-31", measures: (view) => ageOn(child(view).idNumber, CUT_OFF_DAY) },
  siblings: { says: 'number of brothers and sisters', measures: ({ family }) => family.siblings.length },
  twins: {
    says: 'the child is a twin',
    holds: ({ family }) => family.siblings.some(({ birthDate }) => birthDate === family.child.birthDate),
  },
  married: { says: 'the parents are married', holds: ({ family }) => family.union === 'married' },
  divorced: { says: 'the parents are divorced; `guardian` has custody', holds: ({ family }) => family.union === 'divorced' },
  'one-guardian': { says: 'there is one parent only', holds: ({ family }) => family.union === 'one-parent' },
  'court-guardian': {
    says: 'a court took guardianship from the parent and appointed a grandparent',
    holds: ({ child: { police } }) => police.guardians.some(({ basis }) => basis === 'court'),
  },
  'mothers-surname': {
    says: "the child bears the mother's surname, not the father's",
    holds: ({ family }) => {
      const father = family.guardians.find(({ kinship }) => kinship === 'father');
      const mother = family.guardians.find(({ kinship }) => kinship === 'mother');
      const initial = family.child.name.charAt(0);
      return mother?.name.startsWith(initial) === true && father?.name.startsWith(initial) !== true;
    },
  },
  'hukou-here': { says: 'the child is registered here', holds: (view) => page(view)?.region === view.family.region },
  migrant: {
    says: 'the child is registered in another county',
    holds: (view) => page(view) !== undefined && page(view)?.region !== view.family.region,
  },
  'from-outside': { says: 'the child is registered outside the province', holds: (view) => page(view)?.region.startsWith('37') === false },
  collective: {
    says: 'the guardian is on a collective household book',
    holds: (view) => view.guardians[0]?.police.page?.bookType === 'collective',
  },
  'same-book': {
    says: 'the child is on the same household book as the guardian',
    holds: (view) => page(view) !== undefined && page(view)?.bookId === view.guardians[0]?.police.page?.bookId,
  },
  'grandparents-book': {
    says: "the child is on a grandparent's household book",
    holds: (view) => view.grandparents.some(({ police }) => police.page !== undefined && police.page.bookId === page(view)?.bookId),
  },
  permit: {
    says: "months of a parent's residence permit here, unbroken up to 2026-08-31; without a number: at least 1",
    measures: (view) => Math.max(0, ...view.guardians.map((guardian) => permitMonths(guardian, view.family.region))),
  },
  'only-child-parent': {
    says: 'a parent is an only child',
    holds: (view) => view.guardians.some(({ police: { birthFamily } }) => birthFamily.brothers + birthFamily.sisters === 0),
  },
  'owns-home': { says: 'a parent owns a residential home here', holds: (view) => parentsOwnHere(view).length > 0 },
  share: {
    says: 'largest share in hundredths that a parent has in a residential home here (joint ownership counts 0)',
    measures: largestShareOf,
  },
  'joint-home': {
    says: 'a parent owns a residential home here jointly, without percentages',
    holds: (view) => parentsOwnHere(view).some(({ ownership }) => ownership === 'joint'),
  },
  'three-in-one': {
    says: "a parent's home here, where the child is registered (房户一致)",
    holds: (view) => parentsOwnHere(view).some(({ addressCode }) => addressCode === page(view)?.addressCode),
  },
  'no-home': {
    says: 'neither parents nor child own a residential home in the city',
    holds: (view) =>
      [view.child, ...view.guardians].every((person) => residentialHomes(person, view.family.region.slice(0, 4)).length === 0),
  },
  'grandparents-home': {
    says: 'a grandparent owns a residential home here, and no parent does',
    holds: (view) =>
      parentsOwnHere(view).length === 0 && view.grandparents.some((person) => residentialHomes(person, view.family.region).length > 0),
  },
  presale: {
    says: 'a parent has a filed pre-sale contract here and no title yet',
    holds: (view) =>
      view.guardians.some(({ housing }) =>
        housing.presales.some(({ state, region }) => state === 'filed' && region === view.family.region),
      ),
  },
  'handed-over': {
    says: 'a parent has a contract for a home here that was handed over and has no title yet',
    holds: (view) =>
      view.guardians.some(({ housing }) =>
        housing.presales.some(
          ({ state, region, handedOverOn }) => state === 'filed' && region === view.family.region && handedOverOn !== undefined,
        ),
      ),
  },
  resettled: {
    says: 'a parent has a resettlement agreement here',
    holds: (view) => view.guardians.some(({ housing }) => housing.resettlements.some(({ region }) => region === view.family.region)),
  },
  lease: { says: "a parent's registered lease here covers 2026-08-31", holds: leaseOf },
  'public-rental': {
    says: 'a parent has a public rental here',
    holds: (view) => view.guardians.some(({ housing }) => housing.publicRentals.some(({ region }) => region === view.family.region)),
  },
  'deed-tax-paid': {
    says: 'a parent paid deed tax on a home here',
    holds: (view) =>
      view.guardians.some(({ tax }) => tax.deedTaxes.some(({ region, paidOn }) => region === view.family.region && paidOn !== undefined)),
  },
  'deed-tax-unpaid': {
    says: 'a parent owes deed tax on a home here',
    holds: (view) =>
      view.guardians.some(({ tax }) => tax.deedTaxes.some(({ region, paidOn }) => region === view.family.region && paidOn === undefined)),
  },
  'rental-tax': {
    says: "tax on a parent's rent here is paid for 2026-08-31",
    holds: (view) =>
      view.guardians.some(({ tax }) => tax.rentalTaxes.some((paid) => paid.region === view.family.region && covers(paid, CUT_OFF_DAY))),
  },
  business: {
    says: "a parent's business here is active on 2026-08-31",
    holds: (view) =>
      view.guardians.some(({ tax }) =>
        tax.businesses.some((business) => business.region === view.family.region && covers(business, CUT_OFF_DAY)),
      ),
  },
  insured: {
    says: "months of a parent's employees' pension, unbroken and paid when due, back from August 2026; without a number: at least 1",
    measures: (view) => Math.max(0, ...view.guardians.map(unbrokenMonths)),
  },
  employed: {
    says: 'a parent is employed here on 2026-08-31',
    holds: (view) =>
      view.guardians.some(({ socialSecurity }) =>
        socialSecurity.employments.some(
          ({ region, happenedOn, until }) => isWithin(region, view.family.region) && covers({ from: happenedOn, until }, CUT_OFF_DAY),
        ),
      ),
  },
  'flexible-work': {
    says: 'a parent is registered as a flexible worker here on 2026-08-31',
    holds: (view) =>
      view.guardians.some(({ socialSecurity }) =>
        socialSecurity.flexibleWork.some(
          ({ region, happenedOn, until }) => region === view.family.region && covers({ from: happenedOn, until }, CUT_OFF_DAY),
        ),
      ),
  },
  'back-payment': { says: 'a parent has insured months that were paid afterwards', holds: (view) => pensionMonths(view, 'back-payment') },
  arrears: { says: "a parent's employer was or is in arrears", holds: (view) => pensionMonths(view, 'arrears') },
  gap: {
    says: "a month without employees' pension between two with it, within two years before 2026-08-31",
    holds: (view) => view.guardians.some((guardian) => hasGap(guardian)),
  },
  'late-record': {
    says: "a parent's or the child's page, home or lease was on record more than 5 days after it happened",
    holds: (view) =>
      [view.child, ...view.guardians].some(({ police, housing }) =>
        [police.page, ...housing.homes, ...housing.leases].some((record) => record !== undefined && lagOf(record) > NOTABLE_LAG_DAYS),
      ),
  },
  ambiguous: {
    says: 'somebody has an old page or title without an ID number',
    holds: (view) => view.everyone.some(({ police, housing }) => police.unnumberedPages.length > 0 || housing.unnumberedHomes.length > 0),
  },
};

const SHAPE = /^(?<not>!?)(?<name>[a-z-]+)(?:(?<operator>>=|<=|=|>|<)(?<number>\d{1,4}))?$/;
const COMPARISONS: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  '>=': (value, bound) => value >= bound,
  '<=': (value, bound) => value <= bound,
  '=': (value, bound) => value === bound,
  '>': (value, bound) => value > bound,
  '<': (value, bound) => value < bound,
};

/** Reads comma-separated filters, all of which must hold: `owns-home,insured>=12,!divorced`. Throws FilterError. */
export function readFilters(text: string): Filter {
  const filters = text.split(',').map((part) => readFilter(part.trim()));
  return (view) => filters.every((filter) => filter(view));
}

function readFilter(text: string): Filter {
  const { not, name, operator, number } = SHAPE.exec(text)?.groups ?? {};
  const definition = name !== undefined && Object.hasOwn(FILTERS, name) ? FILTERS[name] : undefined;
  if (!definition) throw new FilterError(`There is no filter "${text}". Known: ${Object.keys(FILTERS).join(', ')}`);
  const filter = toFilter(definition, name as string, operator, Number(number));
  return not === '!' ? (view) => !filter(view) : filter;
}

function toFilter(definition: Definition, name: string, operator: string | undefined, bound: number): Filter {
  if ('holds' in definition) {
    if (operator !== undefined) throw new FilterError(`The filter "${name}" takes no number`);
    return definition.holds;
  }
  if (operator === undefined) return (view) => definition.measures(view) >= 1;
  const compare = COMPARISONS[operator] as (value: number, bound: number) => boolean;
  return (view) => compare(definition.measures(view), bound);
}

/** One line per filter, for `--help`. */
export function describeFilters(): string {
  return Object.entries(FILTERS)
    .map(([name, definition]) => `  ${('measures' in definition ? `${name}>=N` : name).padEnd(18)} ${definition.says}`)
    .join('\n');
}
