import { createAsker } from './asker.js';
import type { Condition } from './condition.js';
import type { Plan, PlannedPoints } from './plan.js';
import { planPoints, planTies } from './plan-points.js';
import type { Category, RequirementSet } from './requirement-set.js';
import { type Binding, toTerm } from './terms.js';
import type { Inputs } from './values.js';

/** A set that is made ready. */
export interface BindOptions {
  readonly set: RequirementSet;
  /** Its categories, with all that bears on them. */
  readonly categories: readonly Category[];
  /** Conditions that waive others, by id. */
  readonly waivers: ReadonlyMap<string, readonly Condition[]>;
  readonly sensitive: (claimType: string) => boolean;
}

/** Works a set out for one family. */
export function bind(options: BindOptions, inputs: Inputs): Plan {
  const { set, categories, waivers, sensitive } = options;
  const asker = createAsker((claim) => claim.asking ?? set.asking ?? (sensitive(claim.type) ? 'least' : 'fastest'));
  let scheme: PlannedPoints | undefined;
  const points = (): PlannedPoints => (scheme ??= planPoints(binding));
  const binding: Binding = {
    set,
    waivers,
    names: { dates: set.dates ?? {}, regions: set.regions ?? {}, known: new Map() },
    inputs,
    asker,
    points,
  };
  const planned = categories.map(({ id, title, when, basePoints, whenFull }) => ({
    id,
    title,
    when: toTerm(when, binding),
    basePoints,
    whenFull,
  }));
  const ranking = set.points && points();
  const ties = planTies(binding);
  const placements = (set.exceptions ?? []).flatMap(({ id, when, places }) =>
    places ? [{ exception: id, when: toTerm(when, binding), places }] : [],
  );
  const decides = set.decides ?? 'category';
  return { requirementSet: set.id, claims: asker.claims, categories: planned, decides, points: ranking, ties, placements };
}
