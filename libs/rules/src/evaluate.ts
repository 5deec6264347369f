import type { Finding } from './finding.js';
import type { PlannedCategory, PlannedRules, Settling, Term } from './plan.js';
import { createReader, type Leaf, type Reader } from './read-term.js';
import { type Result, resultOf, type Truth } from './truth.js';

/** Why a category has its value. */
export type CategoryReason =
  | 'all_confirmed'
  | 'claim_refuted'
  | 'claim_unknown'
  /** Only facts that a person must see are open. */
  | 'person_needed'
  /** Only what the lookup does not state is open. */
  | 'input_missing'
  /** What the lookup states excludes it, or its people do. */
  | 'not_applicable';

/** One category with its value. */
export interface EvaluatedCategory {
  readonly id: string;
  readonly result: Result;
  readonly reason: CategoryReason;
  /** Indexes of the claims that decided it, or leave it open. */
  readonly claims: readonly number[];
  /** Ids of the facts that leave it open. */
  readonly facts: readonly string[];
  /** What decided it, or leaves it open, without asking. */
  readonly settled: readonly Settling[];
}

/** What is open and can still change the outcome. */
export interface Open {
  /** Indexes of claims that nobody has asked. */
  readonly ask: readonly number[];
  /** Indexes of claims that an agency may still answer. */
  readonly wait: readonly number[];
  /** Indexes of claims that were answered, and that only a person can clear up: not found, or ambiguous. */
  readonly look: readonly number[];
  /** Ids of facts that a person must see. */
  readonly facts: readonly string[];
  /** What the lookup does not state. */
  readonly missing: readonly Settling[];
}

/** What the answers so far come to. */
export interface Evaluation {
  readonly verdict: Result;
  /** In order of priority. */
  readonly categories: readonly EvaluatedCategory[];
  /** Index of the first category that is met. */
  readonly reached: number | undefined;
  /** Indexes of the categories that may still be reached: above the one that is, or of all when none is. */
  readonly possible: readonly number[];
  readonly open: Open;
}

/** Evaluates a plan over what was found, a finding for each claim. Pure, and total: any finding may be missing. */
export function evaluate(plan: PlannedRules, findings: readonly Finding[]): Evaluation {
  const reader = createReader(findings);
  const categories: EvaluatedCategory[] = [];
  const possible: number[] = [];
  const undecided: Leaf[] = [];
  let reached: number | undefined;
  let verdict: Truth = -1;
  for (const [index, category] of plan.categories.entries()) {
    const leaves: Leaf[] = [];
    const truth = reader.decide(category.when, leaves);
    categories.push(toEvaluated(category, truth, leaves));
    if (truth > verdict) verdict = truth;
    if (reached !== undefined) continue;
    if (truth === 1) reached = index;
    if (truth !== 0) continue;
    possible.push(index);
    undecided.push(...leaves);
  }
  const open = plan.decides === 'category' || verdict === 0 ? undecided : [];
  // Points and ties order those who are let in, or may be.
  if (verdict !== -1) addRanking(plan, reader, open);
  return { verdict: resultOf(verdict), categories, reached, possible, open: toOpen(open, findings) };
}

function toEvaluated({ id }: PlannedCategory, truth: Truth, leaves: readonly Leaf[]): EvaluatedCategory {
  const { claims, facts, settled } = split(leaves);
  return { id, result: resultOf(truth), reason: reasonOf(truth, claims, facts), claims, facts, settled };
}

function reasonOf(truth: Truth, claims: readonly number[], facts: readonly string[]): CategoryReason {
  if (truth === 1) return 'all_confirmed';
  if (truth === -1) return claims.length > 0 ? 'claim_refuted' : 'not_applicable';
  if (claims.length > 0) return 'claim_unknown';
  return facts.length > 0 ? 'person_needed' : 'input_missing';
}

function toOpen(leaves: readonly Leaf[], findings: readonly Finding[]): Open {
  const { claims, facts, settled } = split(leaves);
  const open = { ask: [] as number[], wait: [] as number[], look: [] as number[], facts, missing: settled };
  for (const index of claims) {
    const outcome = findings[index]?.outcome ?? 'not_asked';
    if (outcome === 'not_asked') open.ask.push(index);
    else if (outcome === 'unavailable') open.wait.push(index);
    else if (outcome === 'not_found' || outcome === 'ambiguous') open.look.push(index);
  }
  return open;
}

function addRanking({ points, ties, placements }: PlannedRules, reader: Reader, leaves: Leaf[]): void {
  const addOpen = (term: Term): void => {
    if (reader.truth(term) === 0) reader.decide(term, leaves);
  };
  for (const { fixed, measured } of points?.items ?? []) {
    if (fixed) addOpen(fixed.when);
    for (const { claim } of measured?.measures ?? []) leaves.push({ kind: 'claim', claim });
  }
  for (const veto of points?.vetoes ?? []) addOpen(veto);
  for (const { measures } of ties) for (const { claim } of measures) leaves.push({ kind: 'claim', claim });
  for (const { when } of placements) addOpen(when);
}

/** Leaves by their kind, each once; claims in their order. */
function split(leaves: readonly Leaf[]): { claims: number[]; facts: string[]; settled: Settling[] } {
  const claims: number[] = [];
  const facts: string[] = [];
  const settled: Settling[] = [];
  let sorted = true;
  for (const leaf of leaves) {
    if (leaf.kind === 'claim') {
      if (claims.includes(leaf.claim)) continue;
      sorted &&= claims.length === 0 || leaf.claim > (claims[claims.length - 1] as number);
      claims.push(leaf.claim);
    } else if (leaf.kind === 'fact') {
      if (!facts.includes(leaf.fact)) facts.push(leaf.fact);
    } else if (!settled.includes(leaf.why)) settled.push(leaf.why);
  }
  if (!sorted) claims.sort((a, b) => a - b);
  return { claims, facts, settled };
}
