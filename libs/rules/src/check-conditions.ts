import type { TellFault } from './check.js';
import type { Condition } from './condition.js';
import { conditionsOf, measuresOf } from './conditions-of.js';
import { isClaim, partsOf, walk } from './kinds.js';
import { readPerson, SUBJECT_WORDS, THEM } from './people.js';
import type { RequirementSet } from './requirement-set.js';
import { isExpression } from './values.js';

/** Faults of conditions: names that lead nowhere or in a circle, `them` where nobody is meant, counts that cannot be reached. */
export function checkConditions(set: RequirementSet, tell: TellFault): void {
  const ids = new Set<string>();
  for (const condition of conditionsOf(set)) {
    for (const part of walk(condition)) {
      if (part.id !== undefined && ids.has(part.id)) tell(part, 'id', `${part.id} is defined twice: give one of the two another id`);
      if (part.id !== undefined) ids.add(part.id);
      checkNames(part, set, tell);
    }
  }
  for (const { claim } of measuresOf(set)) checkNames(claim, set, tell);
  checkThem(set, tell);
  checkCircles(set, tell);
  for (const exception of set.exceptions ?? []) {
    for (const id of exception.waives ?? []) if (!ids.has(id)) tell(exception, 'waives', `there is no condition ${id}: name the id of one`);
  }
}

function checkNames(part: Condition, set: RequirementSet, tell: TellFault): void {
  const sources = set.sources ?? [];
  if (part.source !== undefined && !sources.some(({ id }) => id === part.source))
    tell(part, 'source', `there is no source ${part.source}: name one of sources, or add it there`);
  if ('use' in part && !(part.use in (set.conditions ?? {})))
    tell(part, 'use', `there is no condition ${part.use}: name one of conditions, or add it there`);
  if ('stated' in part && !set.facts?.some(({ id }) => id === part.stated))
    tell(part, 'stated', `there is no fact ${part.stated}: name one of facts, or add it there`);
  if ('addressWithin' in part) checkRegions(part.addressWithin, part, 'addressWithin', set, tell);
  if ('atLeast' in part && part.atLeast.count > part.atLeast.of.length) {
    tell(part.atLeast, 'count', `${part.atLeast.count} of ${part.atLeast.of.length} can never hold: ask for fewer, or name more`);
  }
  if ('enoughPoints' in part) checkEnough(part.enoughPoints, set, tell);
  if (!isClaim(part)) return;
  for (const value of Object.values(part.parameters ?? {})) {
    if (isExpression(value) && 'regions' in value) checkRegions(value.regions, value, 'regions', set, tell);
  }
}

function checkRegions(regions: string | readonly string[], at: object, key: string, set: RequirementSet, tell: TellFault): void {
  if (typeof regions === 'string' && !(regions in (set.regions ?? {})))
    tell(at, key, `there are no regions ${regions}: name some of regions, or add them there`);
}

function checkEnough(enough: Extract<Condition, { enoughPoints: unknown }>['enoughPoints'], set: RequirementSet, tell: TellFault): void {
  if (!set.points) tell(enough, undefined, 'the set has no points: give it some, or take this out');
  for (const id of enough.of ?? []) {
    if (!set.points?.items.some((item) => item.id === id)) tell(enough, 'of', `there is no item ${id}: name one of points.items`);
  }
  if ((enough.atLeast === undefined) === (enough.moreThan === undefined))
    tell(enough, undefined, 'say atLeast or moreThan: one of the two');
}

// A named condition may speak of `them` when it is used inside a `some` or an `every`.
function checkThem(set: RequirementSet, tell: TellFault): void {
  const named = new Set<Condition>(Object.values(set.conditions ?? {}));
  const visit = (condition: Condition, bound: boolean, following: ReadonlySet<string>): void => {
    const told = (key: string): void => tell(condition, key, 'them means nobody outside some and every: name a person');
    if (isClaim(condition) && !bound) {
      if (condition.subject === THEM) told('subject');
      const word = SUBJECT_WORDS[condition.subject] !== undefined;
      if (!word && Object.values(condition.with ?? {}).some((person) => readPerson(person).key === THEM)) told('with');
    }
    const inside = bound || 'some' in condition || 'every' in condition;
    for (const part of partsOf(condition)) visit(part, inside, following);
    const used = 'use' in condition && !following.has(condition.use) ? set.conditions?.[condition.use] : undefined;
    if (used && 'use' in condition) visit(used, bound, new Set([...following, condition.use]));
  };
  for (const condition of conditionsOf(set)) if (!named.has(condition)) visit(condition, false, new Set());
}

function checkCircles(set: RequirementSet, tell: TellFault): void {
  const conditions = set.conditions ?? {};
  const usedBy = (name: string): string[] =>
    conditions[name] ? [...walk(conditions[name])].flatMap((part) => ('use' in part ? [part.use] : [])) : [];
  for (const name of Object.keys(conditions)) {
    const reached = new Set<string>();
    const todo = usedBy(name);
    for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
      if (reached.has(next)) continue;
      reached.add(next);
      todo.push(...usedBy(next));
    }
    if (reached.has(name)) tell(conditions, name, `the condition ${name} uses itself: take one of the uses out`);
  }
}
