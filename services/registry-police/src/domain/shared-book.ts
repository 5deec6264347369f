import { type Day, firstDayLasting, fullMonths, monthsBefore, type Period, unbrokenSince } from '@vouch/adapter-sdk/calendar';
import { type HouseholdPage, type HouseholdRecord, stayOf } from './household.js';

/** How long two people must have been on one book. */
export interface WantedSharing {
  /** Region code, or the beginning of the address code, of the book on the day. */
  readonly region?: string;
  /** Day on which it counts. */
  readonly at: Day;
  /** Full months, unbroken, up to that day. */
  readonly continuousMonths?: number;
  /** Whether they must have been since the subject was first registered. */
  readonly sinceBirth: boolean;
}

/** Whether two people are on one book as wanted, since when, and from when they would be. */
export type SharingRuling =
  | { readonly outcome: 'confirmed'; readonly disclosures: { readonly since: Day; readonly months: number } }
  | { readonly outcome: 'refuted'; readonly disclosures: { readonly months?: number; readonly earliestIfUnchanged?: Day } }
  | { readonly outcome: 'ambiguous' };

/**
 * Whether two people are on one family's book, and were without a day's break: those who move together, on one day, stay together. Collective
 * books are nobody's family. Where a page without an ID number would turn the answer, nobody can tell from the register.
 */
export function ruleOnSharing(subject: HouseholdRecord, relative: HouseholdRecord, wanted: WantedSharing, today: Day): SharingRuling {
  const { at, continuousMonths = 0 } = wanted;
  const together = stays(subject.pages, relative.pages, wanted);
  const since = sinceAsWanted(together, subject.pages, wanted);
  if (since !== undefined) return { outcome: 'confirmed', disclosures: { since, months: fullMonths(since, at) } };
  const all = (record: HouseholdRecord) => [...record.pages, ...record.unnumberedPages];
  const perhaps = stays(all(subject), all(relative), wanted);
  if (sinceAsWanted(perhaps, all(subject), wanted) !== undefined) return { outcome: 'ambiguous' };
  const begun = unbrokenSince(together, at);
  // Time mends no split since birth.
  const earliest = wanted.sinceBirth ? undefined : firstDayLasting(together, { months: continuousMonths, after: at, today });
  return {
    outcome: 'refuted',
    disclosures: {
      ...(begun === undefined ? {} : { months: fullMonths(begun, at) }),
      ...(earliest === undefined ? {} : { earliestIfUnchanged: earliest }),
    },
  };
}

function sinceAsWanted(together: readonly Period[], pages: readonly HouseholdPage[], wanted: WantedSharing): Day | undefined {
  const since = unbrokenSince(together, wanted.at);
  if (since === undefined || since > monthsBefore(wanted.at, wanted.continuousMonths ?? 0)) return undefined;
  const first = pages.map(({ registeredOn }) => registeredOn).sort()[0];
  return wanted.sinceBirth && since !== first ? undefined : since;
}

/** The times in which both were on the same family book; none when the book of the day lies elsewhere. */
function stays(ones: readonly HouseholdPage[], others: readonly HouseholdPage[], { region = '', at }: WantedSharing): Period[] {
  const shared = ones
    .filter(({ collective }) => !collective)
    .flatMap((page) => {
      return others.filter(({ bookId }) => bookId === page.bookId).map((other) => ({ page, stay: overlap(stayOf(page), stayOf(other)) }));
    })
    .filter(({ stay }) => stay.until === undefined || stay.from <= stay.until);
  const now = shared.find(({ stay }) => stay.from <= at && (stay.until === undefined || stay.until >= at));
  return now && !now.page.addressCode.startsWith(region) ? [] : shared.map(({ stay }) => stay);
}

const overlap = (one: Period, other: Period): Period => ({
  from: one.from > other.from ? one.from : other.from,
  until: one.until === undefined || (other.until !== undefined && other.until < one.until) ? other.until : one.until,
});
