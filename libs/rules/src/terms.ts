import type { Asker } from './asker.js';
import type { ClaimCondition, Condition, People } from './condition.js';
import { isClaim } from './kinds.js';
import { groupOf, readPerson, SUBJECT_WORDS, THEM } from './people.js';
import type { PlannedPoints, Settling, Term } from './plan.js';
import type { RequirementSet } from './requirement-set.js';
import type { Truth } from './truth.js';
import { type Inputs, movesWith, type Names, type ParameterValue, resolveDate, resolveParameter, resolveRegions } from './values.js';

/** What is known while a condition is worked out. */
export interface Binding {
  readonly set: RequirementSet;
  /** Conditions that waive others, by id. */
  readonly waivers: ReadonlyMap<string, readonly Condition[]>;
  readonly names: Names;
  readonly inputs: Inputs;
  readonly asker: Asker;
  /** The set's points scheme, worked out; without items when it has none. */
  points(): PlannedPoints;
}

/** Where in a condition we are. */
interface Place {
  /** Subject key of `them`. */
  readonly them?: string;
  /** Under an odd number of `not`. */
  readonly negated: boolean;
}

const OUTSIDE: Place = { negated: false };

/** A condition as a term. */
export const toTerm = (condition: Condition, binding: Binding): Term => termOf(condition, binding, OUTSIDE);

function termOf(condition: Condition, binding: Binding, place: Place): Term {
  const waivers = condition.id === undefined ? undefined : binding.waivers.get(condition.id);
  const own = ownTerm(condition, binding, place);
  return waivers ? joined('any', [own, ...waivers.map((waiver) => termOf(waiver, binding, place))]) : own;
}

function ownTerm(condition: Condition, binding: Binding, place: Place): Term {
  const all = (conditions: readonly Condition[]) => conditions.map((part) => termOf(part, binding, place));
  const { inputs, names } = binding;
  if (isClaim(condition)) return claimTerm(condition, binding, place);
  if ('allOf' in condition) return joined('all', all(condition.allOf));
  if ('anyOf' in condition) return joined('any', all(condition.anyOf));
  if ('ladder' in condition) return joined('ladder', all(condition.ladder));
  if ('atLeast' in condition) return { kind: 'atLeast', count: condition.atLeast.count, of: all(condition.atLeast.of) };
  if ('not' in condition) return { kind: 'not', of: termOf(condition.not, binding, { ...place, negated: !place.negated }) };
  if ('some' in condition) return overPeople('some', condition.some.of, condition.some.holds, binding, place);
  if ('every' in condition) return overPeople('every', condition.every.of, condition.every.holds, binding, place);
  if ('use' in condition) return termOf(binding.set.conditions?.[condition.use] as Condition, binding, place);
  if ('stated' in condition) {
    const stated = inputs.facts?.[condition.stated];
    return stated === undefined ? { kind: 'fact', fact: condition.stated } : settled(stated, 'stated');
  }
  if ('addressWithin' in condition) {
    const { addressCode } = inputs;
    if (addressCode === undefined) return open('input_missing:addressCode');
    return settled(
      resolveRegions(condition.addressWithin, names).some((region) => addressCode.startsWith(region)),
      'address',
    );
  }
  if ('dayBetween' in condition) return dayTerm(condition.dayBetween, binding);
  if ('forEntryYears' in condition) {
    const { years, holds } = condition.forEntryYears;
    return years.includes(inputs.entryYear) ? termOf(holds, binding, place) : settled(true, 'other_entry_year');
  }
  const { of, atLeast, moreThan } = condition.enoughPoints;
  const scheme = binding.points();
  const items = scheme.items.flatMap(({ id }, index) => (!of || of.includes(id) ? [index] : []));
  return { kind: 'points', scheme, items, atLeast: atLeast ?? moreThan ?? 0, strict: atLeast === undefined };
}

function claimTerm(condition: ClaimCondition, binding: Binding, place: Place): Term {
  const word = SUBJECT_WORDS[condition.subject];
  if (word) return overPeople(word.run, word.of, { ...condition, id: undefined, subject: THEM }, binding, place);
  const claim = toClaim(condition, binding, place.them);
  if ('claim' in claim) return { kind: 'claim', claim: claim.claim };
  // Whoever is not named is not claimed to satisfy it; under a `not` that must not let anybody in.
  if (claim.missing.startsWith('person_missing') && !place.negated) return { kind: 'settled', truth: -1, why: claim.missing };
  return open(claim.missing);
}

/** The index of a claim in the plan, or what it lacks. */
export function toClaim(
  condition: ClaimCondition,
  { names, inputs, asker }: Binding,
  them: string | undefined,
): { readonly claim: number } | { readonly missing: Settling } {
  const named = (person: string): string => (person === THEM && them !== undefined ? them : person);
  const subject = named(condition.subject);
  if (!inputs.people.has(subject)) return { missing: `person_missing:${subject}` };
  const involved: Record<string, string> = {};
  for (const [role, person] of Object.entries(condition.with ?? {})) {
    const { key, optional } = readPerson(person);
    if (inputs.people.has(named(key))) involved[role] = named(key);
    else if (!optional) return { missing: `person_missing:${named(key)}` };
  }
  const parameters: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(condition.parameters ?? {})) {
    const resolved = resolveParameter(value as ParameterValue, names, inputs);
    if ('missing' in resolved) return { missing: `input_missing:${resolved.missing}` };
    parameters[name] = resolved.value;
  }
  return { claim: asker.indexOf(condition, subject, involved, parameters, movesWith(condition, names)) };
}

function overPeople(run: 'some' | 'every', people: People, holds: Condition, binding: Binding, place: Place): Term {
  const { named, unnamed } = groupOf(people, binding.inputs.people);
  const terms = named.map((them) => termOf(holds, binding, { ...place, them }));
  // "Every", or "not some", cannot be known of people who are not named.
  const universal = (run === 'every') !== place.negated;
  if (universal) terms.push(...unnamed.map((person) => open(`person_missing:${person}`)));
  if (terms.length === 0) return settled(run === 'every', 'nobody_named');
  return joined(run === 'every' ? 'all' : 'any', terms);
}

function dayTerm(between: Extract<Condition, { dayBetween: unknown }>['dayBetween'], { names, inputs }: Binding): Term {
  const day = resolveDate(between.day, names, inputs);
  const from = between.from === undefined ? day : resolveDate(between.from, names, inputs);
  const to = between.to === undefined ? day : resolveDate(between.to, names, inputs);
  if ('missing' in day) return open(`input_missing:${day.missing}`);
  if ('missing' in from) return open(`input_missing:${from.missing}`);
  if ('missing' in to) return open(`input_missing:${to.missing}`);
  return settled(from.value <= day.value && day.value <= to.value, 'day');
}

const joined = (kind: 'all' | 'any' | 'ladder', of: readonly Term[]): Term => (of.length === 1 ? (of[0] as Term) : { kind, of });
const settled = (holds: boolean, why: Settling): Term => ({ kind: 'settled', truth: holds ? 1 : -1, why });
const open = (why: Settling): Term => ({ kind: 'settled', truth: 0 satisfies Truth, why });
