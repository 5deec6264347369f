import { type Day, dayBefore, firstDayLasting, fullMonths, monthsBefore } from '@vouch/adapter-sdk/calendar';
import { isHeldOn, isWanted, type Title, type TitleRecord, type WantedTitle } from './title.js';

/** Whose shares count in one home, by ID number. */
export interface Holders {
  readonly subject: string;
  /** Whose shares are added to the subject's. */
  readonly coOwners: readonly string[];
  /** Who may hold the rest. */
  readonly others: readonly string[];
}

/** What a home must be like. */
export interface WantedHome extends WantedTitle {
  /** Percent, inclusive, in one home, of subject and co-owners together. */
  readonly minimumShare?: number;
  /** Percent that they must hold more than. */
  readonly moreThanShare?: number;
  /** Whether a title without percentages belongs to its first owner. */
  readonly firstOwnerDecides: boolean;
  /** Whether nobody may hold the rest but those who are named for it. */
  readonly restWithOthers: boolean;
  /** Registered on or before this day. */
  readonly registeredBefore?: Day;
  /** Day on which it must be owned; the records' last unless said. */
  readonly at?: Day;
  /** Full months for which it must have been, up to that day. */
  readonly ownedMonths?: number;
}

/** Whether a home is owned as wanted, since when, and from when it would be. */
export type OwnershipRuling =
  | { readonly outcome: 'confirmed'; readonly disclosures: { readonly since: Day; readonly months: number } }
  | {
      readonly outcome: 'refuted';
      readonly disclosures: {
        readonly months?: number;
        /** First day that would do, if the home is kept. */
        readonly earliestIfUnchanged?: Day;
      };
    }
  | { readonly outcome: 'ambiguous' };

/**
 * Whether a person owns a home as wanted, co-owners' shares in the same home added to their own. Joint ownership is the whole home when
 * every joint owner is named, and no known share otherwise: then, and where only a title without an ID number fits, a person must look.
 */
export function ruleOnOwnership(record: TitleRecord, people: Holders, wanted: WantedHome, today: Day): OwnershipRuling {
  const at = wanted.at !== undefined && wanted.at < today ? wanted.at : today;
  const inTime = (title: Title): boolean =>
    isHeldOn(title, at) &&
    title.registeredOn <= monthsBefore(at, wanted.ownedMonths ?? 0) &&
    (wanted.registeredBefore === undefined || title.registeredOn <= wanted.registeredBefore);
  const theirs = record.titles.filter(
    (title) => isWanted(title, wanted) && title.owners.some(({ idNumber }) => idNumber === people.subject),
  );
  const enough = theirs.filter((title) => isEnough(title, people, wanted) === true);
  const since = enough
    .filter(inTime)
    .map((title) => title.registeredOn)
    .sort()[0];
  if (since !== undefined) return { outcome: 'confirmed', disclosures: { since, months: fullMonths(since, at) } };
  const unclear = theirs.some((title) => isEnough(title, people, wanted) === undefined && inTime(title));
  if (unclear || record.unnumberedTitles.some((title) => isWanted(title, wanted) && inTime(title))) return { outcome: 'ambiguous' };
  return { outcome: 'refuted', disclosures: timeMissing(enough, wanted, at, today) };
}

/** How long the homes that would be enough have been owned, and from when that is long enough. */
function timeMissing(enough: readonly Title[], { registeredBefore, ownedMonths = 0 }: WantedHome, at: Day, today: Day) {
  const months = enough.filter((title) => isHeldOn(title, at)).map(({ registeredOn }) => fullMonths(registeredOn, at));
  const earliest = enough
    // Time mends no title that came too late for a fixed day.
    .filter(({ registeredOn }) => registeredBefore === undefined || registeredOn <= registeredBefore)
    .map(({ registeredOn, transferredOn }) => {
      const owned = { from: registeredOn, until: transferredOn === undefined ? undefined : dayBefore(transferredOn) };
      return firstDayLasting([owned], { months: ownedMonths, after: at, today });
    })
    .filter((day) => day !== undefined)
    .sort()[0];
  return {
    ...(months.length === 0 ? {} : { months: Math.max(...months) }),
    ...(earliest === undefined ? {} : { earliestIfUnchanged: earliest }),
  };
}

/** Whether the shares in a title are as wanted; undefined when the register does not say. */
function isEnough(title: Title, { subject, coOwners, others }: Holders, wanted: WantedHome): boolean | undefined {
  const holders = new Set([subject, ...coOwners]);
  const named = new Set([...holders, ...others]);
  if (wanted.restWithOthers && !title.owners.every(({ idNumber }) => named.has(idNumber))) return false;
  const { minimumShare, moreThanShare } = wanted;
  if (minimumShare === undefined && moreThanShare === undefined) return true;
  const share = shareOf(title, holders, wanted.firstOwnerDecides);
  if (share === undefined) return undefined;
  return share >= (minimumShare ?? 0) && (moreThanShare === undefined || share > moreThanShare);
}

/** What some people hold of a title together, percent; undefined when the register does not say. */
function shareOf({ owners }: Title, holders: ReadonlySet<string>, firstOwnerDecides: boolean): number | undefined {
  if (owners.every(({ idNumber }) => holders.has(idNumber))) return 100;
  if (firstOwnerDecides && owners.every(({ share }) => share === undefined)) return owners[0] && holders.has(owners[0].idNumber) ? 100 : 0;
  const shares = owners.filter(({ idNumber }) => holders.has(idNumber)).map(({ share }) => share);
  return shares.reduce((sum: number | undefined, share) => (sum === undefined || share === undefined ? undefined : sum + share), 0);
}
