import type { Catalogue, ClaimType, RequirementSet } from '@vouch/catalogue';
import { dayInShanghai, isDay } from '@vouch/identity';
import { entryYearsOf, type Finding, type Inputs, type Plan, type PlannedClaim } from '@vouch/rules';
import type { StatedFacts } from './stated-facts.js';

type StatedClaim = NonNullable<StatedFacts['claims']>[number];

/** What does not fit the set, by its place in the facts. */
export interface StatedFault {
  readonly path: readonly (string | number)[];
  readonly code:
    | 'unknown_claim_type'
    | 'unknown_claim_version'
    | 'unknown_fact'
    | 'unknown_disclosure'
    | 'type_wrong'
    | 'format_invalid'
    | 'required'
    | 'subject_missing'
    | 'claim_not_asked'
    | 'stated_twice';
}

/** Stated facts as a plan of the set sees them. */
export interface MatchedFacts {
  readonly inputs: Inputs;
  readonly plan: Plan;
  readonly findings: readonly Finding[];
  readonly faults: readonly StatedFault[];
}

// A claim type that counts months says with one of these how many are enough.
const THRESHOLDS = ['atLeast', 'continuousMonths', 'minimumMonths'];

/** Lays stated facts on the claims that a set would ask; every one that fits nowhere is a fault. */
export function matchStated(catalogue: Catalogue, set: RequirementSet, stated: StatedFacts): MatchedFacts {
  const people = new Set<string>(stated.people ?? ['child', 'guardian']);
  const inputs: Inputs = {
    entryYear: stated.entryYear ?? entryYearsOf(set.rules)[0] ?? 0,
    applicationDate: stated.applicationDate ?? dayInShanghai(new Date()),
    addressCode: stated.addressCode,
    childBirthDate: stated.childBirthDate,
    people,
    // Given also when there are none: a plan with facts is not kept, so strangers' dates put none of the lookup's own plans out.
    facts: stated.facts ?? {},
  };
  const plan = set.compiled.plan(inputs);
  const findings: Finding[] = plan.claims.map(() => undefined);
  const faults: StatedFault[] = [];
  for (const id of Object.keys(stated.facts ?? {})) {
    if (!set.rules.facts?.some((fact) => fact.id === id)) faults.push({ path: ['facts', id], code: 'unknown_fact' });
  }
  for (const [index, claim] of (stated.claims ?? []).entries()) {
    const at = ['claims', index] as const;
    const claimType = catalogue.claimType(claim.type, claim.version);
    if (!claimType) {
      const known = catalogue.claimType(claim.type) !== undefined;
      faults.push({ path: [...at, known ? 'version' : 'type'], code: known ? 'unknown_claim_version' : 'unknown_claim_type' });
      continue;
    }
    const strange = [...strangers(claim, people, at), ...disclosureFaults(claim, claimType, at)];
    faults.push(...strange);
    if (strange.length === 0) faults.push(...lay(claim, at, plan, findings));
  }
  return { inputs, plan, findings, faults };
}

type Place = readonly ['claims', number];

function lay(claim: StatedClaim, at: Place, plan: Plan, findings: Finding[]): StatedFault[] {
  const fitting = plan.claims.flatMap((planned, index) => (fits(claim, planned) ? [index] : []));
  if (fitting.length === 0) return [{ path: at, code: 'claim_not_asked' }];
  if (fitting.some((index) => findings[index])) return [{ path: at, code: 'stated_twice' }];
  const { disclosures } = claim;
  for (const index of fitting) {
    const outcome = claim.outcome ?? countedOutcome(claim, plan.claims[index] as PlannedClaim);
    if (outcome === undefined) return [{ path: [...at, 'outcome'], code: 'required' }];
    findings[index] = { outcome, ...(disclosures ? { disclosures } : {}) };
  }
  return [];
}

function fits(claim: StatedClaim, planned: PlannedClaim): boolean {
  if (claim.type !== planned.type || claim.subject !== planned.subject) return false;
  if (claim.version !== undefined && claim.version !== planned.version) return false;
  if (Object.entries(claim.with ?? {}).some(([role, key]) => planned.with[role] !== key)) return false;
  return Object.entries(claim.parameters ?? {}).every(
    ([name, value]) => JSON.stringify(planned.parameters[name]) === JSON.stringify(value),
  );
}

/** Whether the stated months are enough; undefined when nothing is counted. */
function countedOutcome({ disclosures }: StatedClaim, { parameters }: PlannedClaim): 'confirmed' | 'refuted' | undefined {
  const months = disclosures?.months;
  const enough = THRESHOLDS.map((name) => parameters[name]).find((value) => typeof value === 'number');
  if (typeof months !== 'number' || typeof enough !== 'number') return undefined;
  return months >= enough ? 'confirmed' : 'refuted';
}

function strangers({ subject, with: involved = {} }: StatedClaim, people: ReadonlySet<string>, at: Place): StatedFault[] {
  const missing = (key: string, ...path: string[]): StatedFault[] =>
    people.has(key) ? [] : [{ path: [...at, ...path], code: 'subject_missing' }];
  return [...missing(subject, 'subject'), ...Object.entries(involved).flatMap(([role, key]) => missing(key, 'with', role))];
}

const MONTH = /^\d{4}-\d{2}$/;

function disclosureFaults({ disclosures = {} }: StatedClaim, claimType: ClaimType, at: Place): StatedFault[] {
  return Object.entries(disclosures).flatMap(([name, value]): StatedFault[] => {
    const path = [...at, 'disclosures', name];
    const kind = claimType.disclosures[name];
    if (kind === undefined) return [{ path, code: 'unknown_disclosure' }];
    const wanted = kind === 'integer' ? 'number' : kind === 'boolean' ? 'boolean' : 'string';
    if (typeof value !== wanted) return [{ path, code: 'type_wrong' }];
    const formed = kind === 'integer' ? Number.isSafeInteger(value) : kind !== 'date' || isDay(String(value)) || MONTH.test(String(value));
    return formed ? [] : [{ path, code: 'format_invalid' }];
  });
}
