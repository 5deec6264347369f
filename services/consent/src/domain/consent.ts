/** Where a consent as a whole stands. */
export type ConsentStatus = 'requested' | 'granted' | 'refused' | 'expired' | 'withdrawing' | 'withdrawn' | 'spent';

/** Where a part stands. */
export type PartStanding = 'requested' | 'granted' | 'refused';

/** One thing to decide: one claim type, at a version, about one person by subject key. */
export interface Part {
  readonly subject: string;
  readonly claimType: string;
  readonly claimVersion: number;
}

/** A part and what has become of it. */
export interface DecidedPart extends Part {
  readonly standing: PartStanding;
  readonly decidedAt?: Date;
  /** Consent pseudonym of whoever decided. */
  readonly decidedBy?: string;
}

/** A person named in a consent. */
export interface NamedPerson {
  readonly subject: string;
  /** Pseudonym in context `consent`. */
  readonly pseudonym: string;
}

/** A consent as the rules see it. */
export interface Consent {
  readonly id: string;
  readonly status: ConsentStatus;
  /** Platform that asked, and alone may use it. */
  readonly platform: string;
  readonly purpose: string;
  readonly parts: readonly DecidedPart[];
  readonly persons: readonly NamedPerson[];
  /** First and last instant of use. */
  readonly validFrom: Date;
  readonly validUntil: Date;
  readonly maxUses: number;
  /** Verifications made on it so far. */
  readonly uses: number;
  /** Days that answers given on it are kept. */
  readonly retentionDays: number;
  readonly createdAt: Date;
  /** When the last part was granted. */
  readonly grantedAt?: Date;
  /** Latest end of any lease ever given on it. */
  readonly lastLeaseEnd?: Date;
  /** From when a withdrawal may be acknowledged. */
  readonly settlesAt?: Date;
}

/** A past fact about a consent; the history holds nothing else. */
export type ConsentChange =
  | { readonly change: 'requested' }
  | { readonly change: 'part_granted' | 'part_refused'; readonly parts: readonly Part[]; readonly by: string }
  | { readonly change: 'granted' | 'refused' | 'withdrawn' | 'spent' | 'expired' }
  | { readonly change: 'withdrawing'; readonly settlesAt: Date };

/** The signed-in person, or whoever else changes a consent, by every consent pseudonym of theirs, current first. */
export interface Person {
  readonly pseudonyms: readonly [string, ...string[]];
}

/** Whether two parts are the same thing to decide. */
export const samePart = (one: Part, other: Part): boolean =>
  one.subject === other.subject && one.claimType === other.claimType && one.claimVersion === other.claimVersion;

/** Subject keys under which a person is named in a consent; one person can have several. */
export const subjectsOf = (consent: Consent, person: Person): readonly string[] =>
  consent.persons.filter((named) => person.pseudonyms.includes(named.pseudonym)).map((named) => named.subject);

/** No one can decide anything any more: identities are erased. */
export const hasEnded = (status: ConsentStatus): boolean => status !== 'requested' && status !== 'granted';
