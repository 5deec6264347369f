import { type Day, dayBefore, firstDayLasting, fullMonths, monthsBefore, type Period, unbrokenSince } from '@vouch/adapter-sdk/calendar';

/** One person's page in a household book (户口簿). */
export interface HouseholdPage {
  readonly bookId: string;
  /** A collective book (集体户) belongs to an institution, not to a family. */
  readonly collective: boolean;
  /** 18 digits; begins with the county of the book. */
  readonly addressCode: string;
  readonly registeredOn: Day;
  /** Undefined while registered there. */
  readonly movedOutOn: Day | undefined;
}

/** The pages of one person. */
export interface HouseholdRecord {
  readonly pages: readonly HouseholdPage[];
  /** Old pages with the person's name and no ID number: theirs, or a namesake's. */
  readonly unnumberedPages: readonly HouseholdPage[];
}

/** What a registration must be like. */
export interface WantedRegistration {
  /** Region code, or the beginning of an address code. */
  readonly region: string;
  /** Registered there on or before this day, unbroken since. */
  readonly since?: Day;
  /** Day on which it must be so; the records' last unless said. */
  readonly at?: Day;
  /** Full months for which it must have been so, unbroken, up to that day. */
  readonly continuousMonths?: number;
  readonly excludeCollective: boolean;
}

/** Whether a registration is as wanted, since when and for how many full months, and from when it would be. */
export type RegistrationRuling =
  | { readonly outcome: 'confirmed'; readonly disclosures: { readonly since: Day; readonly months: number } }
  | {
      readonly outcome: 'refuted';
      readonly disclosures: {
        readonly months?: number;
        /** First day that would do, if nobody moves. */
        readonly earliestIfUnchanged?: Day;
      };
    }
  | { readonly outcome: 'ambiguous' };

/**
 * Whether a person is registered in a region on a day, moves inside the region not counting as breaks. With a guardian: in the
 * guardian's book. Where a page without an ID number would turn the answer, nobody can tell from the register.
 */
export function ruleOnRegistration(
  record: HouseholdRecord,
  wanted: WantedRegistration,
  today: Day,
  guardian?: HouseholdRecord,
): RegistrationRuling {
  const at = wanted.at !== undefined && wanted.at < today ? wanted.at : today;
  const stays = staysIn(record.pages, wanted, at, guardian?.pages);
  const since = sinceAsWanted(stays, wanted, at);
  if (since !== undefined) return { outcome: 'confirmed', disclosures: { since, months: fullMonths(since, at) } };
  const perhaps = staysIn(
    [...record.pages, ...record.unnumberedPages],
    wanted,
    at,
    guardian && [...guardian.pages, ...guardian.unnumberedPages],
  );
  if (sinceAsWanted(perhaps, wanted, at) !== undefined) return { outcome: 'ambiguous' };
  const begun = unbrokenSince(stays, at);
  // Time mends no registration that came too late for a fixed day.
  const inTime = wanted.since === undefined || (begun !== undefined && begun <= wanted.since);
  const earliest = inTime ? firstDayLasting(stays, { months: wanted.continuousMonths ?? 0, after: at, today }) : undefined;
  return {
    outcome: 'refuted',
    disclosures: {
      ...(begun === undefined ? {} : { months: fullMonths(begun, at) }),
      ...(earliest === undefined ? {} : { earliestIfUnchanged: earliest }),
    },
  };
}

function sinceAsWanted(stays: readonly Period[], wanted: WantedRegistration, at: Day): Day | undefined {
  const since = unbrokenSince(stays, at);
  if (since === undefined || since > monthsBefore(at, wanted.continuousMonths ?? 0)) return undefined;
  return wanted.since === undefined || since <= wanted.since ? since : undefined;
}

/** When somebody was registered as wanted; never, when not in the guardian's book on the day. */
function staysIn(
  pages: readonly HouseholdPage[],
  wanted: WantedRegistration,
  at: Day,
  guardianPages: readonly HouseholdPage[] | undefined,
): Period[] {
  if (guardianPages && !shareBook(pages, guardianPages, at)) return [];
  return pages.filter((page) => page.addressCode.startsWith(wanted.region) && !(wanted.excludeCollective && page.collective)).map(stayOf);
}

function shareBook(pages: readonly HouseholdPage[], others: readonly HouseholdPage[], today: Day): boolean {
  const inForce = (page: HouseholdPage): boolean => unbrokenSince([stayOf(page)], today) !== undefined;
  return pages.some((page) => inForce(page) && others.some((other) => other.bookId === page.bookId && inForce(other)));
}

/** What a registration since birth must be like. */
export interface WantedSinceBirth {
  readonly region: string;
  /** Months after birth within which it was first registered. */
  readonly withinMonths?: number;
  /** Whether it must be one book, without a move. */
  readonly unmoved: boolean;
}

/** Whether a person was registered ever since as wanted, and which day that is. */
export type SinceBirthRuling =
  | { readonly outcome: 'confirmed'; readonly disclosures: { readonly since: Day } }
  | { readonly outcome: 'refuted' | 'ambiguous' };

/** Whether a person has been registered in a region, without a break, ever since the first registration, and that soon enough after birth. */
export function ruleOnSinceBirth(record: HouseholdRecord, birthDate: Day, wanted: WantedSinceBirth, today: Day): SinceBirthRuling {
  const since = sinceBirth(record.pages, birthDate, wanted, today);
  if (since !== undefined) return { outcome: 'confirmed', disclosures: { since } };
  const perhaps = sinceBirth([...record.pages, ...record.unnumberedPages], birthDate, wanted, today);
  return { outcome: perhaps === undefined ? 'refuted' : 'ambiguous' };
}

function sinceBirth(pages: readonly HouseholdPage[], birthDate: Day, wanted: WantedSinceBirth, today: Day): Day | undefined {
  const { region, withinMonths, unmoved } = wanted;
  const since = unbrokenSince(staysIn(pages, { region, excludeCollective: false }, today, undefined), today);
  const first = pages.map(({ registeredOn }) => registeredOn).sort()[0];
  if (since === undefined || since !== first || (unmoved && pages.length > 1)) return undefined;
  return withinMonths === undefined || since <= monthsBefore(birthDate, -withinMonths) ? since : undefined;
}

/** The time that a page was in force: the day of moving out belongs to the next one. */
export const stayOf = (page: HouseholdPage): Period => ({
  from: page.registeredOn,
  until: page.movedOutOn === undefined ? undefined : dayBefore(page.movedOutOn),
});
