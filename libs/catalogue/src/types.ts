import type { RequestFault } from '@vouch/errors';
import type { ClaimWords, CompiledSet, RequirementSet as Rules, WordsOf } from '@vouch/rules';
import type { CatalogueContent } from './content.js';
import type { Evidence } from './evidence/types.js';

/** An authority that holds facts, by its name: `police`, `social-security`. Which there are is data: those that providers answer for. */
export type Agency = string;

/** What came of a claim. The last three are unknown in three-valued logic. */
export type Outcome = 'confirmed' | 'refuted' | 'not_found' | 'ambiguous' | 'unavailable';

/** How the outcomes of several providers become one; see `combineOutcomes`. */
export type Combine = 'any' | 'all';

/** Kind of a disclosed value; dates are `YYYY-MM-DD`, codes come from a closed list. */
export type DisclosureKind = 'integer' | 'boolean' | 'date' | 'code';

/** A text in the two languages of Vouch. */
export type Title = Readonly<Record<'zh-CN' | 'en', string>>;

/** A predicate that one agency can answer, at one version. */
export interface ClaimType {
  /** Agency first: `housing.owns-home`. */
  readonly name: string;
  /** Rises when the meaning changes; from 1. */
  readonly version: number;
  readonly agency: Agency;
  /** JSON Schema (draft 2020-12) of the parameters. */
  readonly parametersSchema: Readonly<Record<string, unknown>>;
  /** What an answer may disclose, by name. */
  readonly disclosures: Readonly<Record<string, DisclosureKind>>;
  /** `regionParameter` names the parameter that holds a region or a list of them; without it the request's region decides. */
  readonly routing: { readonly regionParameter?: string | undefined; readonly combine: Combine };
  /** Further persons by role, beside the subject. */
  readonly involves: readonly { readonly role: string; readonly required: boolean }[];
  /**
   * Every fault of a parameters object, `[]` when there is none. Pointers start at the parameters; codes are those of
   * `PARAMETER_FAULTS`; no value is echoed.
   */
  validate(parameters: unknown): RequestFault[];
}

/** What people read of a claim type. */
export interface ClaimTexts extends ClaimWords {
  readonly name: string;
  readonly title: Title;
  readonly description: Title;
  /** Where a family goes when the record is wrong or cannot be found. */
  readonly office: Title;
  /** Why it may be asked, wherever a rule has it. */
  readonly legalBasis?: Title | undefined;
  /** Whether its facts are sensitive (PIPL, article 28), so that they are asked last. */
  readonly sensitive: boolean;
  /** Titles that depend on a parameter's value. */
  readonly titles?: { readonly parameter: string; readonly of: Readonly<Record<string, Title>> } | undefined;
}

/** Why a platform asks. */
export interface Purpose {
  readonly id: string;
  readonly title: Title;
  /** Days that an answer is kept when no consent says otherwise. */
  readonly retentionDays: number;
  /** Law that lets a platform ask without consent; absent: consent always. */
  readonly statutoryBasis?: Title | undefined;
}

/** What one client of the token issuer may ask. */
export interface ClientRights {
  /** The token's `client_id`. */
  readonly id: string;
  readonly title: Title;
  readonly purposes: readonly string[];
  /** Region prefixes. */
  readonly regions: readonly string[];
  /** Names, or all of them. */
  readonly claimTypes: readonly string[] | '*';
  /** Purposes for which no consent is needed. */
  readonly statutoryPurposes: readonly string[];
  readonly limits: ClientLimits;
}

/** How much one client may ask of each instance, over HTTP and gRPC together. */
export interface ClientLimits {
  readonly requestsPerSecond: number;
  /** Requests that may come at once after a quiet time; then `requestsPerSecond` holds. */
  readonly burst: number;
  /** Requests under way at once. */
  readonly concurrent: number;
}

/** A gRPC endpoint that answers for one agency in some regions. */
export interface Provider {
  readonly id: string;
  readonly agency: Agency;
  /** Region prefixes. */
  readonly regions: readonly string[];
  /** `host:port`. */
  readonly address: string;
}

/** One claim of a requirement set; `subject` and the values of `with` are subject keys, or words for several people. */
export interface ClaimTemplate {
  readonly type: string;
  readonly version: number;
  readonly subject: string;
  /** Role of the claim type to subject key. */
  readonly with?: Readonly<Record<string, string>> | undefined;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** A county's versioned enrolment rules, ready to be asked for families. */
export interface RequirementSet {
  /** `<region>/<stage>/<year>`. */
  readonly id: string;
  readonly title: Title;
  readonly region: string;
  readonly purpose: string;
  /** Whether no provider serves its region, so that it can only be tried on stated facts. */
  readonly whatIfOnly: boolean;
  /** Its categories in priority order, each with the claims that it needs whatever else it lets choose from. */
  readonly alternatives: readonly { readonly id: string; readonly title: Title; readonly allOf: readonly ClaimTemplate[] }[];
  /** The rules themselves, with what they inherit. */
  readonly rules: Rules;
  readonly compiled: CompiledSet;
}

/** Claim types, providers, requirement sets, purposes and clients: data, checked at load, the same until it is loaded again. */
export interface Catalogue {
  /** Hash of what its files say (not of comments and layout, nor of addresses given beside them), 32 hex digits. */
  readonly version: string;
  /** What its files say, to keep it for as long as something decided under it must be explained. */
  readonly content: CatalogueContent;
  readonly claimTypes: readonly ClaimType[];
  /** The newest version unless one is named. */
  claimType(name: string, version?: number): ClaimType | undefined;
  readonly purposes: readonly Purpose[];
  purpose(id: string): Purpose | undefined;
  readonly clients: readonly ClientRights[];
  client(id: string): ClientRights | undefined;
  /** Those that are not only for others to extend. */
  readonly requirementSets: readonly RequirementSet[];
  requirementSet(id: string): RequirementSet | undefined;
  /** How a claim is spoken of in explanations. */
  readonly words: WordsOf;
  /** Whether a claim type's facts are sensitive (PIPL, article 28). */
  isSensitive(claimType: string): boolean;
  /** Why a claim type may be asked wherever a rule has it; undefined: rules say so each for themselves. */
  legalBasisOf(claimType: string): Title | undefined;
  /** Papers that families were and are asked for, and how claims hang together. */
  readonly evidence: Evidence;
  readonly providers: readonly Provider[];
  /**
   * Who must be asked, by the claim type's routing: for each asked region the provider with the longest code that holds it; for a region
   * that no single provider holds, all providers that cover it together. Outcomes of several are combined with `combineOutcomes`.
   * `[]` when some part of what is asked has no provider (`no_provider`): half an answer must not look like one.
   * Of several providers with the same code the first listed that is `usable` is taken, else the first.
   */
  providersFor(
    claimType: ClaimType,
    parameters: Readonly<Record<string, unknown>>,
    requestRegion: string,
    usable?: (provider: Provider) => boolean,
  ): Provider[];
}
