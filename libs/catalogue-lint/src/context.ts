import type { Provider } from '@vouch/catalogue';
import { type Condition, describe, inherit, type PlannedClaim, type RequirementSet, type Term, type Text } from '@vouch/rules';
import type { Code } from './codes.js';
import type { Told } from './finding.js';
import type { LintMaterial, WholeSet } from './material.js';
import type { ClaimFacts } from './reason/compare-claims.js';

/** What every check has at hand. */
export interface Context {
  readonly material: LintMaterial;
  readonly sets: readonly WholeSet[];
  readonly facts: ClaimFacts;
  /** Tells of a finding at an object, or at a field of it. */
  tell(code: Code, at: object, key: PropertyKey | undefined, chinese: string, english: string, known?: Text): void;
  /** Whether a claim type is answered by somebody in a region. */
  answered(type: string, region: string): boolean;
  /** A condition in words. */
  words(condition: Condition, set: RequirementSet): Text;
}

/** One check of a catalogue. */
export type Check = (context: Context) => void;

const SHOWN_CHARACTERS = 160;

/** A context that hands findings on. */
export function createContext(material: LintMaterial, told: (finding: Told) => void): Context {
  const byId = new Map(material.requirementSets.map((set) => [set.id, set]));
  const relations = new Map(material.relations.map((relation) => [relation.claim, relation]));
  const texts = new Map(material.claimTexts.map((claim) => [claim.name, claim]));
  const facts: ClaimFacts = {
    relation: (type) => relations.get(type),
    claimType: (type, version) => material.claimTypes.find((one) => one.name === type && one.version === version),
  };
  return {
    material,
    facts,
    sets: material.requirementSets.map((own) => ({ own, set: whole(own, byId, new Set()) })),
    tell: (code, at, key, chinese, english, known) => told({ code, at, key, known, message: { 'zh-CN': chinese, en: english } }),
    answered: (type, region) => coveringProviders(material, type, region).length > 0,
    words(condition, set) {
      const text = describe(condition, {
        set,
        words: ({ type }) => ({ title: texts.get(type)?.title ?? { 'zh-CN': type, en: type }, office: { 'zh-CN': '', en: '' } }),
      });
      return { 'zh-CN': shortened(text['zh-CN']), en: shortened(text.en) };
    },
  };
}

function whole(own: RequirementSet, byId: ReadonlyMap<string, RequirementSet>, above: ReadonlySet<string>): RequirementSet {
  const base = own.extends === undefined || above.has(own.extends) ? undefined : byId.get(own.extends);
  return base ? inherit(whole(base, byId, new Set([...above, own.id])), own) : own;
}

function coveringProviders({ claimTypes, providers }: LintMaterial, type: string, region: string): readonly Provider[] {
  const agency = claimTypes.find(({ name }) => name === type)?.agency;
  return providers.filter((provider) => provider.agency === agency && provider.regions.some((code) => region.startsWith(code)));
}

const shortened = (text: string): string => (text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text);

/** Claims of a plan that a term asks. */
export function claimsIn(term: Term, claims: readonly PlannedClaim[]): readonly PlannedClaim[] {
  if (term.kind === 'claim') return claims[term.claim] ? [claims[term.claim] as PlannedClaim] : [];
  if (term.kind === 'not') return claimsIn(term.of, claims);
  return 'of' in term ? term.of.flatMap((part) => claimsIn(part, claims)) : [];
}
