import type { RuleSource, Text } from '@vouch/rules';

/** Who supplies something: the data (`claim`, and the office that keeps the record), the family (`paper`), or somebody who looks (`office`). */
export type Supplier =
  | { readonly by: 'data'; readonly claim: string; readonly office: Text }
  | { readonly by: 'family'; readonly paper: Text; readonly issuer: Text }
  | { readonly by: 'person'; readonly office: Text };

/** One thing that a category requires. */
export interface Need {
  readonly text: Text;
  /** Legal basis; undefined: nothing says why. */
  readonly why?: Text | undefined;
  readonly suppliers: readonly Supplier[];
  /** Any of these is enough; empty when there is no choice. */
  readonly oneOf: readonly Need[];
}

/** What became of a paper of before. */
export type Fate = 'data' | 'asked' | 'fallback' | 'dropped';

/** A paper that families brought before. */
export interface FormerPaper {
  readonly title: Text;
  readonly issuer: Text;
  /** `data`: supplied by it; `asked`: still; `fallback`: only where the data says nothing; `dropped`: asked of nobody any more. */
  readonly fate: Fate;
  /** Claim types that supply it. */
  readonly suppliedBy: readonly Text[];
}

/** A paper that families bring. */
export interface AskedPaper {
  readonly title: Text;
  readonly issuer: Text;
  readonly why?: Text | undefined;
  /** Only of families of whom the data says nothing. */
  readonly fallback: boolean;
  readonly due: 'application' | 'after-entry';
}

/** The public list of one requirement set: what is needed, why, and who supplies it. */
export interface EvidenceList {
  /** Id of the requirement set. */
  readonly set: string;
  readonly title: Text;
  readonly region: string;
  readonly entryYears: readonly number[];
  readonly legalBasis?: Text | undefined;
  readonly sources: readonly RuleSource[];
  readonly counts: {
    /** Papers of before; undefined when no list from before is known. */
    readonly before?: number | undefined;
    /** Papers that every family of some category brings still. */
    readonly now: number;
    /** Claim types that the data answers in their place. */
    readonly data: number;
    /** Facts that somebody looks at, and nobody brings a paper for. */
    readonly looked: number;
  };
  /** In order of priority. */
  readonly categories: readonly { readonly id: string; readonly title: Text; readonly needs: readonly Need[] }[];
  readonly before?: { readonly sources: readonly Omit<RuleSource, 'id'>[]; readonly papers: readonly FormerPaper[] } | undefined;
  readonly now: readonly AskedPaper[];
}

/** The lists of a region: of its own sets, or of those of the nearest region around it that has some. */
export interface RegionLists {
  /** As it was asked for. */
  readonly region: string;
  /** Newest entry first. */
  readonly lists: readonly EvidenceList[];
}
