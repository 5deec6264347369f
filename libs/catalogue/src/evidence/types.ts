import type { RuleSource } from '@vouch/rules';
import type { Title } from '../types.js';

/** A paper that families have been asked for: what it shows, who writes it, and what the law says of asking for it. */
export interface Proof {
  readonly id: string;
  readonly title: Title;
  /** Who writes it. */
  readonly issuer: Title;
  /** What it shows: names of claim types, of facts of a set, or of further facts that nothing gives. */
  readonly proves: readonly string[];
  /** Law or regulation that lets it be asked for at all; absent: there is none. */
  readonly legalBasis?: Title | undefined;
  /** What must be shown to be given it: ids of proofs, or names of claim types. */
  readonly issuedOn?: readonly string[] | undefined;
  /** Id of a certificate that families hold already and that shows the same. */
  readonly licence?: string | undefined;
  /** Ids of proofs that cover it. */
  readonly coveredBy?: readonly string[] | undefined;
  /** A written promise would do in its place. */
  readonly promiseWouldDo?: boolean | undefined;
  /** Whoever writes it has no means to find out whether it is so. */
  readonly cannotInvestigate?: boolean | undefined;
  /** The order that did away with it. */
  readonly withdrawn?: { readonly by: Title; readonly on: string } | undefined;
  /** The order by which it may follow after term starts. */
  readonly mayFollow?: Title | undefined;
}

/** A paper that a county still asks for. */
export interface AskedProof {
  readonly proof: string;
  /** Fact of the requirement set that it is looked at for. */
  readonly fact?: string | undefined;
  /** Categories whose families bring it; all unless said. */
  readonly categories?: readonly string[] | undefined;
  /** Why this county may ask, when the proof itself does not say. */
  readonly legalBasis?: Title | undefined;
  /** Only of families of whom the data says nothing: it repeats nothing then. */
  readonly fallback?: boolean | undefined;
  /** What is being done about what the lint finds here: it is told as a note then. */
  readonly known?: Title | undefined;
  /** When it must be there; `application` unless said. */
  readonly due?: 'application' | 'after-entry' | undefined;
}

/** What a county's families brought before the data ran, and what they bring still. */
export interface EvidenceNotice {
  /** Id of the requirement set. */
  readonly set: string;
  /** What was asked for before, as it was published. */
  readonly before?:
    | {
        readonly sources: readonly Omit<RuleSource, 'id'>[];
        readonly proofs: readonly { readonly proof: string; readonly categories?: readonly string[] | undefined }[];
      }
    | undefined;
  readonly now?: readonly AskedProof[] | undefined;
}

/**
 * Which of two values of a parameter asks more: `more` or `less` of a number, `earlier` or `later` of a day, `inside` or `around` of regions, `set` or
 * `unset` of a yes or no; `same`: they cannot be compared.
 */
export type Stronger = 'more' | 'less' | 'earlier' | 'later' | 'inside' | 'around' | 'set' | 'unset' | 'same';

/** What the answers of one claim type say of others. */
export interface ClaimRelation {
  /** Claim type. */
  readonly claim: string;
  /** By parameter. */
  readonly stronger: Readonly<Record<string, Stronger>>;
  /** Claim types that cannot be confirmed of the same subject when their region lies inside one of this one's. */
  readonly excludes?: readonly string[] | undefined;
  /** Nobody is so in two regions at once that lie apart. */
  readonly oneRegion?: boolean | undefined;
  /** What must be shown to be put on record so: ids of proofs, or names of claim types. */
  readonly issuedOn?: readonly string[] | undefined;
}

/** Papers, and how facts hang together: what the lint and the evidence lists read beside the rest of the catalogue. */
export interface Evidence {
  readonly proofs: readonly Proof[];
  readonly notices: readonly EvidenceNotice[];
  readonly relations: readonly ClaimRelation[];
}
