import type { Day } from '@vouch/adapter-sdk/calendar';

/** An owner in a title. */
export interface Owner {
  readonly idNumber: string;
  /** Percent, fractions too. Undefined in joint ownership (共同共有), which carries no percentage. */
  readonly share: number | undefined;
}

/** A registered title (不动产登记) to a home, or to something that is none. */
export interface Title {
  /** 18 digits; begins with the county's code. */
  readonly addressCode: string;
  readonly residential: boolean;
  readonly registeredOn: Day;
  readonly handedOverOn: Day;
  /** Day on which it went to somebody else; undefined while owned. */
  readonly transferredOn: Day | undefined;
  /** In the order of the title. */
  readonly owners: readonly Owner[];
}

/** The titles of one person. */
export interface TitleRecord {
  readonly titles: readonly Title[];
  /** Old titles in the person's name without an ID number: theirs, or a namesake's. */
  readonly unnumberedTitles: readonly Title[];
}

/** Which titles count. */
export interface WantedTitle {
  /** Region code, or the beginning of an address code. */
  readonly region: string;
  readonly residentialOnly: boolean;
}

/** Whether a title counts, whenever it was registered. */
export const isWanted = (title: Title, { region, residentialOnly }: WantedTitle): boolean =>
  title.addressCode.startsWith(region) && (title.residential || !residentialOnly);

/** Whether a title is held on a day. */
export const isHeldOn = ({ registeredOn, transferredOn }: Title, day: Day): boolean =>
  registeredOn <= day && (transferredOn === undefined || transferredOn > day);
