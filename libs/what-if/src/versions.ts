import type { RequirementSet } from '@vouch/catalogue';
import { entryYearsOf } from '@vouch/rules';

/** What a list says of a set. */
export const summaryOf = ({ id, title, region, purpose, whatIfOnly, rules }: RequirementSet) => ({
  id,
  title,
  region,
  stage: id.split('/')[1] ?? '',
  purpose,
  entryYears: [...entryYearsOf(rules)],
  validity: rules.validity,
  announcedOn: rules.announcedOn,
  predecessor: rules.predecessor,
  whatIfOnly,
});

/** The versions of a set: those that it follows and those that follow it, the newest first. */
export function versionsOf(set: RequirementSet, all: readonly RequirementSet[]): RequirementSet[] {
  const before = (one: RequirementSet): RequirementSet | undefined => all.find(({ id }) => id === one.rules.predecessor);
  const found = new Set([set]);
  for (let older = before(set); older && !found.has(older); older = before(older)) found.add(older);
  // Of several that follow the same one, all are told.
  const older = found.size;
  const newer: RequirementSet[] = [];
  const todo = [set];
  for (let last = todo.pop(); last; last = todo.pop()) {
    for (const next of all) {
      if (next.rules.predecessor !== last.id || found.has(next)) continue;
      found.add(next);
      newer.unshift(next);
      todo.push(next);
    }
  }
  return [...newer, ...[...found].slice(0, older)];
}
