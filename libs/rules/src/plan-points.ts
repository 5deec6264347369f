import { groupOf, SUBJECT_WORDS, THEM } from './people.js';
import type { PlannedItem, PlannedMeasure, PlannedPoints, PlannedTie } from './plan.js';
import type { Measure, PointsItem } from './requirement-set.js';
import { type Binding, toClaim, toTerm } from './terms.js';
import { resolveDate } from './values.js';

/** The set's points scheme, worked out for one family. */
export function planPoints(binding: Binding): PlannedPoints {
  const scheme = binding.set.points;
  if (!scheme) return { items: [], vetoes: [] };
  return {
    items: scheme.items.map((item) => planItem(item, binding)),
    vetoes: (scheme.vetoes ?? []).map((veto) => toTerm(veto, binding)),
    mostPoints: scheme.mostPoints,
  };
}

/** The set's tie-breakers, worked out for one family. */
export const planTies = (binding: Binding): readonly PlannedTie[] =>
  (binding.set.ties ?? []).map(({ id, title, measure, first }) => ({ id, title, measures: planMeasure(measure, binding), first }));

function planItem({ id, title, fixed, measured, mostPoints }: PointsItem, binding: Binding): PlannedItem {
  return {
    id,
    title,
    fixed: fixed && { when: toTerm(fixed.when, binding), points: fixed.points },
    measured: measured && {
      measures: planMeasure(measured.measure, binding),
      perMonth: measured.perMonth ?? 0,
      after: measured.after ?? 0,
      mostMonths: measured.mostMonths,
      steps: measured.steps,
      over: measured.over ?? 'most',
    },
    mostPoints,
  };
}

/** One measure of each person meant who is named; somebody who is not, or an input that lacks, earns nothing. */
function planMeasure({ claim, disclosure, until }: Measure, binding: Binding): readonly PlannedMeasure[] {
  const word = SUBJECT_WORDS[claim.subject];
  const people = word ? groupOf(word.of, binding.inputs.people).named : [undefined];
  const end = until === undefined ? undefined : resolveDate(until, binding.names, binding.inputs);
  return people.flatMap((them) => {
    const planned = toClaim(word ? { ...claim, subject: THEM } : claim, binding, them);
    if ('missing' in planned || (end && 'missing' in end)) return [];
    return [{ claim: planned.claim, disclosure, until: end?.value }];
  });
}
