import { type Day, daysLater, endOfMonth, monthOf, monthsBefore } from '@vouch/calendar';

/** What a lookup states itself, beside its people. */
export interface Inputs {
  /** Year of entry. */
  readonly entryYear: number;
  /** Day of the application, `YYYY-MM-DD`. */
  readonly applicationDate: Day;
  /** Address code (18 digits, or the beginning of one) that the application is for. */
  readonly addressCode?: string | undefined;
  /** Day of the child's birth, read from its ID number. */
  readonly childBirthDate?: Day | undefined;
  /** Subject keys of the people named. */
  readonly people: ReadonlySet<string>;
  /** Facts that a person has seen, or that the platform itself keeps, by id. */
  readonly facts?: Readonly<Record<string, boolean>> | undefined;
}

/**
 * A day worked out from the lookup: one beginning (`monthDay` in the year of entry, an `input`, a day of the set by name in `of`, or one
 * `byEntryYear`), then moved by `years`, `months` and `days` (negative: earlier), then, with `endOfMonth`, to the month's last day.
 */
export interface DateExpression {
  /** `MM-DD`. */
  readonly monthDay?: string | undefined;
  readonly input?: 'applicationDate' | 'childBirthDate' | undefined;
  readonly of?: string | undefined;
  readonly byEntryYear?: Readonly<Record<string, Day>> | undefined;
  readonly years?: number | undefined;
  readonly months?: number | undefined;
  readonly days?: number | undefined;
  readonly endOfMonth?: boolean | undefined;
}

/** A day `YYYY-MM-DD`, the name of one of the set's `dates`, or an expression. */
export type DateValue = string | DateExpression;

/** Region codes, or the name of one of the set's `regions`. */
export type RegionsValue = string | readonly string[];

/** A parameter that depends on the lookup or on a name of the set. */
export type ParameterExpression =
  | { readonly input: 'addressCode' }
  | { readonly date: DateValue }
  /** The month of a day, `YYYY-MM`. */
  | { readonly month: DateValue }
  /** The set's regions of this name; one code alone when there is one. */
  | { readonly regions: string }
  /** ≥ */
  | { readonly atLeast: number }
  /** >, over whole numbers: the next one is the least that will do. */
  | { readonly moreThan: number };

/** A constant, or what is worked out. */
export type ParameterValue = string | number | boolean | readonly (string | number)[] | ParameterExpression;

/** Names of a set, and the days that were worked out for a lookup already. */
export interface Names {
  readonly dates: Readonly<Record<string, DateValue>>;
  readonly regions: Readonly<Record<string, readonly string[]>>;
  readonly known: Map<DateValue, Resolved<Day>>;
}

/** An input that a rule needs and the lookup does not state. */
export type MissingInput = 'addressCode' | 'childBirthDate' | 'entryYear';

/** What a value came to, or what it lacks. */
export type Resolved<T> = { readonly value: T } | { readonly missing: MissingInput };

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Works a day out. */
export function resolveDate(date: DateValue, names: Names, inputs: Inputs): Resolved<Day> {
  const known = names.known.get(date);
  if (known) return known;
  const resolved = workOut(date, names, inputs);
  names.known.set(date, resolved);
  return resolved;
}

function workOut(date: DateValue, names: Names, inputs: Inputs): Resolved<Day> {
  if (typeof date === 'string') {
    return DAY.test(date) ? { value: date } : resolveDate(names.dates[date] as DateValue, names, inputs);
  }
  const begun = beginning(date, names, inputs);
  return 'missing' in begun ? begun : { value: moved(begun.value, date) };
}

/** Region codes of a value. */
export const resolveRegions = (regions: RegionsValue, names: Names): readonly string[] =>
  typeof regions === 'string' ? (names.regions[regions] as readonly string[]) : regions;

/** Works a parameter out. */
export function resolveParameter(value: ParameterValue, names: Names, inputs: Inputs): Resolved<unknown> {
  if (!isExpression(value)) return { value };
  if ('input' in value) return inputs.addressCode === undefined ? { missing: 'addressCode' } : { value: inputs.addressCode };
  if ('date' in value) return resolveDate(value.date, names, inputs);
  if ('regions' in value) {
    const regions = resolveRegions(value.regions, names);
    return { value: regions.length === 1 ? regions[0] : regions };
  }
  if ('atLeast' in value) return { value: value.atLeast };
  if ('moreThan' in value) return { value: value.moreThan + 1 };
  const day = resolveDate(value.month, names, inputs);
  return 'missing' in day ? day : { value: monthOf(day.value) };
}

/**
 * A claim's parameters for a lookup; undefined when it lacks an input that they need. Names must lead somewhere (`checkRequirementSet`).
 */
export function resolveClaimParameters(
  claim: { readonly parameters?: Readonly<Record<string, ParameterValue>> | undefined },
  set: { readonly dates?: Names['dates'] | undefined; readonly regions?: Names['regions'] | undefined },
  inputs: Inputs,
): Record<string, unknown> | undefined {
  const names: Names = { dates: set.dates ?? {}, regions: set.regions ?? {}, known: new Map() };
  const entries = Object.entries(claim.parameters ?? {}).map(([name, value]) => [name, resolveParameter(value, names, inputs)] as const);
  if (entries.some(([, resolved]) => 'missing' in resolved)) return undefined;
  return Object.fromEntries(entries.map(([name, resolved]) => [name, 'value' in resolved ? resolved.value : undefined]));
}

/** Whether a parameter is worked out rather than a constant. */
export const isExpression = (value: ParameterValue): value is ParameterExpression =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether a claim's parameters depend on the day of the application. */
export function movesWith(claim: { readonly parameters?: Readonly<Record<string, ParameterValue>> | undefined }, names: Names): boolean {
  const moves = (date: DateValue | undefined): boolean => {
    if (date === undefined) return false;
    if (typeof date === 'string') return !DAY.test(date) && moves(names.dates[date]);
    return date.input === 'applicationDate' || moves(date.of);
  };
  return Object.values(claim.parameters ?? {}).some(
    (value) => isExpression(value) && (('date' in value && moves(value.date)) || ('month' in value && moves(value.month))),
  );
}

function beginning(date: DateExpression, names: Names, inputs: Inputs): Resolved<Day> {
  if (date.monthDay !== undefined) {
    // 29 February in a year without one is the month's last day.
    const first = `${inputs.entryYear}-${date.monthDay.slice(0, 2)}-01`;
    const day = `${inputs.entryYear}-${date.monthDay}`;
    const last = endOfMonth(first);
    return { value: day < last ? day : last };
  }
  if (date.of !== undefined) return resolveDate(names.dates[date.of] as DateValue, names, inputs);
  if (date.byEntryYear !== undefined) {
    const day = date.byEntryYear[inputs.entryYear];
    return day === undefined ? { missing: 'entryYear' } : { value: day };
  }
  if (date.input === 'applicationDate') return { value: inputs.applicationDate };
  return inputs.childBirthDate === undefined ? { missing: 'childBirthDate' } : { value: inputs.childBirthDate };
}

function moved(day: Day, { years = 0, months = 0, days = 0, endOfMonth: toEnd }: DateExpression): Day {
  const byMonths = years === 0 && months === 0 ? day : monthsBefore(day, -(years * 12 + months));
  const byDays = days === 0 ? byMonths : daysLater(byMonths, days);
  return toEnd ? endOfMonth(byDays) : byDays;
}
