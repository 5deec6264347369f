import type { Day } from '@vouch/adapter-sdk/calendar';

/** An owner in a title. */
export interface Owner {
  readonly idNumber: string;
  /** Percent. Undefined in joint ownership (共同共有), which carries no percentage. */
  readonly share: number | undefined;
}

/** A registered title (不动产登记) to a home, or to something that is none. */
export interface Title {
  /** 18 digits; begins with the county's code. */
  readonly addressCode: string;
  readonly residential: boolean;
  readonly registeredOn: Day;
  /** Day on which it went to somebody else; undefined while owned. */
  readonly transferredOn: Day | undefined;
  readonly owners: readonly Owner[];
}

/** The titles of one person. */
export interface TitleRecord {
  readonly titles: readonly Title[];
  /** Old titles in the person's name without an ID number: theirs, or a namesake's. */
  readonly unnumberedTitles: readonly Title[];
}

/** What a home must be like. */
export interface WantedHome {
  /** Region code, or the beginning of an address code. */
  readonly region: string;
  /** Percent, inclusive, in one home, of all holders together. */
  readonly minimumShare?: number;
  /** Registered on or before this day. */
  readonly registeredBefore?: Day;
  readonly residentialOnly: boolean;
}

/** Whether a home is owned as wanted, and since when. */
export type OwnershipRuling =
  | {
      readonly outcome: 'confirmed';
      readonly disclosures: { readonly since: Day };
    }
  | { readonly outcome: 'refuted' | 'ambiguous' };

/**
 * Whether a person owns a home as wanted, co-owners' shares in the same home added to their own. Joint ownership is the whole home when
 * every joint owner is named, and no known share otherwise: then, and where only a title without an ID number fits, a person must look.
 */
export function ruleOnOwnership(
  record: TitleRecord,
  subject: string,
  coOwners: readonly string[],
  wanted: WantedHome,
  today: Day,
): OwnershipRuling {
  const holders = new Set([subject, ...coOwners]);
  const fitting = record.titles.filter((title) => fits(title, wanted, today) && title.owners.some((owner) => owner.idNumber === subject));
  const since = fitting
    .filter((title) => wanted.minimumShare === undefined || (shareOf(title, holders) ?? -1) >= wanted.minimumShare)
    .map((title) => title.registeredOn)
    .sort()[0];
  if (since !== undefined) return { outcome: 'confirmed', disclosures: { since } };
  const shareUnknown = fitting.some((title) => shareOf(title, holders) === undefined);
  return {
    outcome: shareUnknown || record.unnumberedTitles.some((title) => fits(title, wanted, today)) ? 'ambiguous' : 'refuted',
  };
}

/** Whether a person owns no home, not even a share in one, in any of some regions. */
export function ruleOnNoHome(
  record: TitleRecord,
  regions: readonly string[],
  today: Day,
): { readonly outcome: 'confirmed' | 'refuted' | 'ambiguous' } {
  const homeAmong = (titles: readonly Title[]): boolean =>
    titles.some((title) => regions.some((region) => fits(title, { region, residentialOnly: true }, today)));
  if (homeAmong(record.titles)) return { outcome: 'refuted' };
  return { outcome: homeAmong(record.unnumberedTitles) ? 'ambiguous' : 'confirmed' };
}

function fits(title: Title, wanted: WantedHome, today: Day): boolean {
  return (
    title.addressCode.startsWith(wanted.region) &&
    (title.residential || !wanted.residentialOnly) &&
    title.registeredOn <= (wanted.registeredBefore ?? today) &&
    (title.transferredOn === undefined || title.transferredOn > today)
  );
}

/** What some people hold of a title together, percent; undefined when the register does not say. */
function shareOf(title: Title, holders: ReadonlySet<string>): number | undefined {
  if (title.owners.every((owner) => holders.has(owner.idNumber))) return 100;
  const shares = title.owners.filter((owner) => holders.has(owner.idNumber)).map((owner) => owner.share);
  return shares.reduce((sum: number | undefined, share) => (sum === undefined || share === undefined ? undefined : sum + share), 0);
}
