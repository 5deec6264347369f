import { isWithin } from '@vouch/identity';
import { CUT_OFF_DAY } from '../entry.js';
import type {
  Family,
  Home,
  HousingFacts,
  InsuredMonth,
  Person,
  PoliceFacts,
  Population,
  Recorded,
  SocialSecurityFacts,
  TaxFacts,
} from '../family.js';
import { fromDay, fromMonth, toDay, toMonth } from '../making/calendar.js';

/** One person's facts at every agency. */
export interface PersonView {
  readonly person: Person;
  readonly police: PoliceFacts;
  readonly housing: HousingFacts;
  readonly tax: TaxFacts;
  readonly socialSecurity: SocialSecurityFacts;
}

/** A family with its facts at every agency, asked for when first needed. */
export class FamilyView {
  readonly family: Family;
  readonly #population: Population;
  readonly #views = new Map<Person, PersonView>();

  constructor(population: Population, family: Family) {
    this.#population = population;
    this.family = family;
  }

  of(person: Person): PersonView {
    let view = this.#views.get(person);
    if (!view) {
      const population = this.#population;
      view = {
        person,
        police: population.police(person),
        housing: population.housing(person),
        tax: population.tax(person),
        socialSecurity: population.socialSecurity(person),
      };
      this.#views.set(person, view);
    }
    return view;
  }

  get child(): PersonView {
    return this.of(this.family.child);
  }

  get guardians(): PersonView[] {
    return this.family.guardians.map((person) => this.of(person));
  }

  get grandparents(): PersonView[] {
    return this.family.grandparents.map((person) => this.of(person));
  }

  get everyone(): PersonView[] {
    return this.family.people.map((person) => this.of(person));
  }
}

/** Titles for dwelling in a region that a person holds. */
export const residentialHomes = ({ housing }: PersonView, region: string): Home[] =>
  housing.homes.filter((home) => home.use === 'residential' && home.transferredOn === undefined && isWithin(home.region, region));

/** Whether a day lies in a time, bounds inclusive. */
export const covers = (time: { readonly from: string; readonly until: string | undefined }, day: string): boolean =>
  time.from <= day && (time.until === undefined || time.until >= day);

const CUT_OFF_MONTH = fromMonth(CUT_OFF_DAY.slice(0, 7));

/** Months of employees' pension without a break back from the month of the cut-off day; paid when due. */
export function unbrokenMonths({ socialSecurity }: PersonView): number {
  const paid = new Set(socialSecurity.months.filter((month) => isPaidWhenDue(month)).map(({ month }) => month));
  let count = 0;
  while (paid.has(toMonth(CUT_OFF_MONTH - count))) count += 1;
  return count;
}

/** Whether a month without employees' pension lies between two with it, within two years before the cut-off day. */
export function hasGap({ socialSecurity }: PersonView): boolean {
  const insured = new Set(socialSecurity.months.filter(({ scheme }) => scheme === 'pension-employee').map(({ month }) => month));
  const window = Array.from({ length: 24 }, (_, back) => insured.has(toMonth(CUT_OFF_MONTH - back)));
  return window.slice(window.indexOf(true), window.lastIndexOf(true)).includes(false);
}

/** A record that shows later than this many days after it happened is worth pointing out. */
export const NOTABLE_LAG_DAYS = 5;

/** Days between what happened and its being on record. */
export const lagOf = ({ happenedOn, recordedOn }: Recorded): number => fromDay(recordedOn) - fromDay(happenedOn);

const isPaidWhenDue = ({ scheme, kind, paidOn }: InsuredMonth): boolean =>
  scheme === 'pension-employee' && kind === 'regular' && paidOn !== undefined;

/** Whole months up to the cut-off day in which a residence permit of the region was valid without a break. */
export function permitMonths({ police }: PersonView, region: string): number {
  let longest = 0;
  for (const permit of police.permits.filter((candidate) => isWithin(candidate.region, region))) {
    let back = CUT_OFF_DAY;
    let held = false;
    for (const period of permit.periods.toReversed()) {
      // A renewal continues when it begins on the day after the last one ends.
      if (period.from > back || nextDay(period.until) < back) continue;
      held ||= covers(period, CUT_OFF_DAY);
      if (!held) break;
      back = period.from;
    }
    if (held) longest = Math.max(longest, wholeMonths(back, CUT_OFF_DAY));
  }
  return longest;
}

const nextDay = (day: string): string => toDay(fromDay(day) + 1);

function wholeMonths(from: string, until: string): number {
  const end = nextDay(until);
  const months = fromMonth(end.slice(0, 7)) - fromMonth(from.slice(0, 7));
  return end.slice(8) < from.slice(8) ? months - 1 : months;
}
