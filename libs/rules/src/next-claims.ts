import { evaluate } from './evaluate.js';
import type { Finding } from './finding.js';
import type { PlannedCategory, PlannedClaim, PlannedRules, Term } from './plan.js';
import { createReader } from './read-term.js';
import type { Truth } from './truth.js';

/** Rules with how their claims are asked. */
type Askable = PlannedRules & { readonly claims: readonly Pick<PlannedClaim, 'asking'>[] };

/**
 * The claims to ask next, as indexes; `[]` when nothing more is to be asked. Never one that can no longer change the outcome. Those that are
 * asked `fastest` come at once; only when there are none left, those asked `least` come one by one: of the highest category that is open the
 * first, as its author has them in order, so that one answer can spare the rest. What then only ranks a family comes together, since it spares
 * nothing.
 */
export function nextClaims(plan: Askable, findings: readonly Finding[]): readonly number[] {
  const { open, possible, verdict } = evaluate(plan, findings);
  const fast = open.ask.filter((index) => plan.claims[index]?.asking === 'fastest');
  if (fast.length > 0) return fast;
  const wanted = new Set(open.ask);
  const { truth } = createReader(findings);
  if (plan.decides === 'category' || verdict === 'undetermined') {
    for (const category of possible) {
      const first = firstOpen((plan.categories[category] as PlannedCategory).when, truth, wanted);
      if (first !== undefined) return [first];
    }
  }
  const ranking = forRanking(plan, truth, wanted);
  return ranking.length > 0 ? ranking : open.ask.slice(0, 1);
}

/** Of each thing that ranks a family the next claims, at once: none of their answers can spare another's. */
function forRanking({ points, ties, placements }: Askable, truth: (term: Term) => Truth, wanted: ReadonlySet<number>): readonly number[] {
  const measured = [...(points?.items ?? []).flatMap((item) => item.measured?.measures ?? []), ...ties.flatMap(({ measures }) => measures)];
  const terms = [
    ...(points?.items ?? []).flatMap(({ fixed }) => (fixed ? [fixed.when] : [])),
    ...(points?.vetoes ?? []),
    ...placements.map(({ when }) => when),
  ];
  const next = new Set(measured.map(({ claim }) => claim).filter((claim) => wanted.has(claim)));
  for (const term of terms) {
    const first = firstOpen(term, truth, wanted);
    if (first !== undefined) next.add(first);
  }
  return [...next].sort((a, b) => a - b);
}

/** The first claim in an open term that is wanted. */
function firstOpen(term: Term, truth: (term: Term) => Truth, wanted: ReadonlySet<number>): number | undefined {
  if (truth(term) !== 0) return undefined;
  if (term.kind === 'claim') return wanted.has(term.claim) ? term.claim : undefined;
  if (term.kind === 'not') return firstOpen(term.of, truth, wanted);
  if (term.kind === 'points') return firstOfItems(term, truth, wanted);
  if (term.kind === 'fact' || term.kind === 'settled') return undefined;
  for (const part of term.of) {
    const found = firstOpen(part, truth, wanted);
    if (found !== undefined) return found;
  }
  return undefined;
}

function firstOfItems(
  { scheme, items }: Extract<Term, { kind: 'points' }>,
  truth: (term: Term) => Truth,
  wanted: ReadonlySet<number>,
): number | undefined {
  for (const index of items) {
    const item = scheme.items[index];
    const measured = item?.measured?.measures.find(({ claim }) => wanted.has(claim))?.claim;
    const found = measured ?? (item?.fixed && firstOpen(item.fixed.when, truth, wanted));
    if (found !== undefined) return found;
  }
  return undefined;
}
