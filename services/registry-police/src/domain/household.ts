import { type Day, dayBefore, unbrokenSince } from '@vouch/adapter-sdk/calendar';

/** One person's page in a household book (户口簿). */
export interface HouseholdPage {
  readonly bookId: string;
  /** A collective book (集体户) belongs to an institution, not to a family. */
  readonly collective: boolean;
  /** County of the book, 6 digits. */
  readonly region: string;
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
  /** Region code, 2 to 6 digits. */
  readonly region: string;
  /** Registered there on or before this day, unbroken since. */
  readonly since?: Day;
  readonly excludeCollective: boolean;
}

/** Whether a registration is as wanted, and since when. */
export type RegistrationRuling =
  | {
      readonly outcome: 'confirmed';
      readonly disclosures: { readonly since: Day };
    }
  | { readonly outcome: 'refuted' | 'ambiguous' };

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
  const since = registeredSince(record.pages, wanted, today, guardian?.pages);
  if (since !== undefined) return { outcome: 'confirmed', disclosures: { since } };
  const perhaps = registeredSince(
    [...record.pages, ...record.unnumberedPages],
    wanted,
    today,
    guardian && [...guardian.pages, ...guardian.unnumberedPages],
  );
  return { outcome: perhaps === undefined ? 'refuted' : 'ambiguous' };
}

function registeredSince(
  pages: readonly HouseholdPage[],
  wanted: WantedRegistration,
  today: Day,
  guardianPages: readonly HouseholdPage[] | undefined,
): Day | undefined {
  if (guardianPages && !shareBook(pages, guardianPages, today)) return undefined;
  const counting = pages.filter((page) => page.region.startsWith(wanted.region) && !(wanted.excludeCollective && page.collective));
  const since = unbrokenSince(counting.map(toPeriod), today);
  return since !== undefined && (wanted.since === undefined || since <= wanted.since) ? since : undefined;
}

function shareBook(pages: readonly HouseholdPage[], others: readonly HouseholdPage[], today: Day): boolean {
  const inForce = (page: HouseholdPage): boolean => unbrokenSince([toPeriod(page)], today) !== undefined;
  return pages.some((page) => inForce(page) && others.some((other) => other.bookId === page.bookId && inForce(other)));
}

/** The day of moving out belongs to the next page. */
const toPeriod = (page: HouseholdPage) => ({
  from: page.registeredOn,
  until: page.movedOutOn === undefined ? undefined : dayBefore(page.movedOutOn),
});
