import { type ClaimCondition, type Condition, conditionsOf, type DateValue, entryYearsOf, type RequirementSet, walk } from '@vouch/rules';
import type { Check, Context } from '../context.js';
import { planConditions, type Scenario, scenariosOf } from '../reason/scenario.js';

/** Days that cannot both be meant. */
export const checkDates: Check = (context) => {
  for (const { own, set } of context.sets) {
    checkValidity(own, context);
    checkPredecessor(own, context);
    for (const scenario of scenariosOf(set)) {
      checkNamedDates(set, scenario, context);
      checkSpans(set, scenario, context);
    }
  }
};

function checkValidity(set: RequirementSet, { tell }: Context): void {
  const { validity, announcedOn } = set;
  const { from, until } = validity ?? {};
  if (from && until && until < from) {
    tell(
      'date-contradiction',
      validity as object,
      'until',
      `止日 ${until} 早于起日 ${from}`,
      `until (${until}) lies before from (${from})`,
    );
  }
  const first = from ?? until;
  if (announcedOn && first && announcedOn > first) {
    tell(
      'date-contradiction',
      set,
      'announcedOn',
      `公布日 ${announcedOn} 晚于 ${first}`,
      `it holds from ${first}, before it was announced on ${announcedOn}`,
    );
  }
  const last = Math.max(...entryYearsOf(set));
  if (from && Number(from.slice(0, 4)) > last) {
    tell(
      'date-contradiction',
      validity as object,
      'from',
      `自 ${from} 起施行，却用于 ${last} 年入学`,
      `it holds from ${from}, after the year of entry that it binds (${last})`,
    );
  }
}

function checkPredecessor(own: RequirementSet, { material, tell }: Context): void {
  const before = material.requirementSets.find(({ id }) => id === own.predecessor);
  if (!before) return;
  const [first, earlier] = [Math.min(...entryYearsOf(own)), Math.min(...entryYearsOf(before))];
  const overlaps =
    entryYearsOf(own).some((year) => entryYearsOf(before).includes(year)) &&
    (before.validity?.until ?? '9999') >= (own.validity?.from ?? '0000');
  if (earlier > first) {
    tell(
      'date-contradiction',
      own,
      'predecessor',
      `前一版 ${before.id} 用于更晚的入学年份`,
      `${before.id}, which it follows, binds later years of entry`,
    );
  } else if (overlaps) {
    tell(
      'date-contradiction',
      own,
      'predecessor',
      `前一版 ${before.id} 仍然有效`,
      `${before.id}, which it follows, holds at the same time for the same year of entry`,
    );
  }
}

/** A day by which something must be so cannot lie after the year of entry. */
function checkNamedDates(set: RequirementSet, scenario: Scenario, { tell }: Context): void {
  const { entryYear } = scenario.inputs;
  for (const name of Object.keys(set.dates ?? {})) {
    const [day] = daysOf([name], scenario);
    if (day === undefined || day <= `${entryYear}-12-31`) continue;
    tell(
      'date-contradiction',
      set.dates as object,
      name,
      `${entryYear} 年入学的 ${name} 是 ${day}，在入学之后`,
      `for entry in ${entryYear} the date ${name} is ${day}, after entry`,
    );
  }
}

function checkSpans(set: RequirementSet, scenario: Scenario, { tell }: Context): void {
  for (const condition of conditionsOf(set)) {
    for (const part of walk(condition)) {
      if (!('dayBetween' in part)) continue;
      const { from, to } = part.dayBetween;
      if (from === undefined || to === undefined) continue;
      const [first, last] = daysOf([from, to], scenario);
      if (first === undefined || last === undefined || first <= last) continue;
      tell('date-contradiction', part.dayBetween, 'to', `${last} 早于 ${first}`, `to (${last}) lies before from (${first})`);
    }
  }
}

/** Days worked out; undefined where a lookup's own day is needed that nobody knows. The engine works them out: as parameters of a question. */
function daysOf(dates: readonly DateValue[], scenario: Scenario): readonly (string | undefined)[] {
  const conditions = dates.map(
    (date): Condition => ({ type: 'lint.day', version: 1, subject: 'child', parameters: { day: { date } } }) satisfies ClaimCondition,
  );
  const { claims, terms } = planConditions(scenario, conditions);
  return terms.map((term) => {
    const day = term.kind === 'claim' ? claims[term.claim]?.parameters.day : undefined;
    return typeof day === 'string' ? day : undefined;
  });
}
