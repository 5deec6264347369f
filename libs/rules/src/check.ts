import { checkConditions } from './check-conditions.js';
import { checkDates } from './check-dates.js';
import type { Condition } from './condition.js';
import { walk } from './kinds.js';
import type { RequirementSet } from './requirement-set.js';

/** What is wrong in a set, and where: the object of the set as it was given, and its field. */
export interface SetFault {
  readonly at: object;
  readonly key?: string | undefined;
  readonly text: string;
}

/** Tells a fault. */
export type TellFault = (at: object, key: string | undefined, text: string) => void;

/**
 * Every fault of a set, with what it inherits, that its shape does not show: names that lead nowhere or in a circle, things defined twice, numbers
 * that contradict. `[]`: it can be compiled. Claim types and their parameters are not looked at.
 */
export function checkRequirementSet(set: RequirementSet): SetFault[] {
  const faults: SetFault[] = [];
  const tell: TellFault = (at, key, text) => faults.push({ at, key, text });
  checkSelf(set, tell);
  checkTwice(set, tell);
  checkSources(set, tell);
  checkDates(set, tell);
  checkConditions(set, tell);
  checkPoints(set, tell);
  checkExceptions(set, tell);
  return faults;
}

function checkSelf(set: RequirementSet, tell: TellFault): void {
  const { validity, abstract, categories } = set;
  if (validity?.from && validity.until && validity.until < validity.from)
    tell(validity, 'until', 'until lies before from: correct one of the two');
  if (!abstract && (categories ?? []).length === 0)
    tell(set, 'categories', 'there is no category, and the set is not abstract: add a category, or say that it is abstract');
  if (set.predecessor === set.id) tell(set, 'predecessor', 'a set cannot follow itself: name the set before it');
  if (set.extends === undefined) return;
  const [region = '', stage] = set.extends.split('/');
  if (!set.region.startsWith(region) || region === set.region) {
    tell(set, 'extends', `${set.extends} is not of a region around ${set.region}: extend one that is`);
  } else if (stage !== set.id.split('/')[1]) {
    tell(set, 'extends', `${set.extends} is of another stage: extend one of the same`);
  }
}

function checkTwice(set: RequirementSet, tell: TellFault): void {
  const lists = [set.categories, set.facts, set.sources, set.points?.items, set.ties, set.exceptions, set.locks];
  for (const list of lists) {
    const seen = new Set<string>();
    for (const item of list ?? []) {
      if (seen.has(item.id)) tell(item, 'id', `${item.id} is defined twice: give one of the two another id`);
      seen.add(item.id);
    }
  }
}

function checkSources(set: RequirementSet, tell: TellFault): void {
  const known = new Set((set.sources ?? []).map(({ id }) => id));
  const noted = [
    set,
    ...(set.categories ?? []),
    ...(set.points?.items ?? []),
    ...(set.ties ?? []),
    ...(set.exceptions ?? []),
    ...(set.locks ?? []),
  ];
  for (const rule of noted)
    if (rule.source !== undefined && !known.has(rule.source))
      tell(rule, 'source', `there is no source ${rule.source}: name one of sources, or add it there`);
}

function checkPoints({ points, conditions = {} }: RequirementSet, tell: TellFault): void {
  const usesPoints = (condition: Condition, seen: readonly string[] = []): boolean =>
    [...walk(condition)].some((part) => {
      if (!('use' in part)) return 'enoughPoints' in part;
      const used = seen.includes(part.use) ? undefined : conditions[part.use];
      return used !== undefined && usesPoints(used, [...seen, part.use]);
    });
  for (const veto of points?.vetoes ?? []) {
    if (usesPoints(veto)) tell(veto, undefined, 'points cannot depend on points: say it by claims');
  }
  for (const item of points?.items ?? []) {
    if ((item.fixed === undefined) === (item.measured === undefined))
      tell(item, undefined, `${item.id} must have fixed or measured, not both: keep one`);
    if (item.fixed && [...walk(item.fixed.when)].some((part) => 'enoughPoints' in part))
      tell(item.fixed, 'when', 'points cannot depend on points: say it by claims');
    const { measured } = item;
    if (!measured) continue;
    if (measured.perMonth === undefined && measured.steps === undefined)
      tell(measured, undefined, `${item.id} gives no points: add perMonth or steps`);
    const steps = measured.steps ?? [];
    if (steps.some(({ from }, index) => index > 0 && from <= (steps[index - 1]?.from ?? 0)))
      tell(measured, 'steps', 'steps must rise: put them in order');
  }
}

function checkExceptions(set: RequirementSet, tell: TellFault): void {
  const categories = new Set((set.categories ?? []).map(({ id }) => id));
  for (const exception of set.exceptions ?? []) {
    const { admits, waives, places } = exception;
    if (admits === undefined && waives === undefined && places === undefined)
      tell(exception, undefined, `${exception.id} changes nothing: say admits, waives or places`);
    if (admits !== undefined && !categories.has(admits)) tell(exception, 'admits', `there is no category ${admits}: name the id of one`);
  }
  for (const lock of set.locks ?? []) {
    for (const id of lock.bars ?? []) if (!categories.has(id)) tell(lock, 'bars', `there is no category ${id}: name the id of one`);
  }
}
