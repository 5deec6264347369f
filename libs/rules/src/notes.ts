/** A text in the two languages of Vouch. */
export type Text = Readonly<Record<'zh-CN' | 'en', string>>;

/** What may stand beside any rule. */
export interface Notes {
  /** Name by which an exception waives it, and differences tell of it; unique in its set. */
  readonly id?: string | undefined;
  readonly title?: Text | undefined;
  /** Id of the source that it was read from; the set's first one unless said. */
  readonly source?: string | undefined;
  /** Why it may be asked. */
  readonly legalBasis?: Text | undefined;
  /** How an open text was read, when it can be read in more than one way. */
  readonly reading?: Text | undefined;
}

/** A claim type's version. */
export interface ClaimVersion {
  readonly version: number;
}

/** How near to the bureau's own words a source is: all but `primary` are second-hand. */
export type Grade = 'primary' | 'reprint' | 'third-party';

/** Where a rule was read. */
export interface RuleSource {
  readonly id: string;
  /** As published. */
  readonly title: string;
  readonly publisher: string;
  /** `YYYY`, `YYYY-MM` or `YYYY-MM-DD`. */
  readonly date: string;
  readonly grade: Grade;
}
