import type { ClaimType, Evidence, Provider } from '@vouch/catalogue';
import type { RequirementSet, Text } from '@vouch/rules';
import type { Place } from './finding.js';

/** What people read of a claim type, as far as the lint looks at it. */
export interface ClaimTexts {
  readonly name: string;
  readonly title: Text;
  /** Why it may be asked wherever a rule has it. */
  readonly legalBasis?: Text | undefined;
  /** By parameter. */
  readonly parameters?: Readonly<Record<string, Text>> | undefined;
}

/** A catalogue as it was read. Objects are those that `placeOf` knows. */
export interface LintMaterial extends Evidence {
  readonly claimTypes: readonly ClaimType[];
  readonly claimTexts: readonly ClaimTexts[];
  readonly providers: readonly Provider[];
  /** As written, what they inherit left out. */
  readonly requirementSets: readonly RequirementSet[];
  /** Whatever else holds texts that people read: purposes, clients. */
  readonly texts: readonly object[];
  /** Who must be asked; `[]`: nobody answers. */
  providersFor(claimType: ClaimType, parameters: Readonly<Record<string, unknown>>, region: string): readonly Provider[];
  /** Where an object stands, or a field of it. */
  placeOf(at: object, key?: PropertyKey): Place;
}

/** A set with what it inherits. */
export interface WholeSet {
  /** As written. */
  readonly own: RequirementSet;
  /** With what it inherits; parts keep their identity. */
  readonly set: RequirementSet;
}
