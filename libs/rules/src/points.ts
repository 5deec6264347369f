import { fullMonths } from '@vouch/calendar';
import type { Finding } from './finding.js';
import type { PlannedItem, PlannedMeasure, PlannedPoints, PlannedRules, Term } from './plan.js';
import type { Truth } from './truth.js';

/** What a number is known to lie in, inclusive: equal ends when it is known; `most` may be infinite. */
export interface Range {
  readonly least: number;
  readonly most: number;
}

/** A family's points. */
export interface Points {
  /** With the base points of the category that is reached, if one is. */
  readonly total: Range;
  /** Of each item, in the scheme's order. */
  readonly items: readonly Range[];
}

/** Reads a term's truth. */
export type ReadTerm = (term: Term) => Truth;

const NOTHING: Range = { least: 0, most: 0 };
const UNKNOWN: Range = { least: 0, most: Number.POSITIVE_INFINITY };

/**
 * The points of a plan. What is unknown gives a range: it only ever narrows while answers come in. Points are exact to a thousandth.
 */
export function countPoints(
  { points, categories }: PlannedRules,
  findings: readonly Finding[],
  read: ReadTerm,
  reached: number | undefined,
): Points {
  const items = (points?.items ?? []).map((item) => countItem(item, findings, read));
  const base = reached === undefined ? 0 : (categories[reached]?.basePoints ?? 0);
  const sum = capped(added([...items, { least: base, most: base }]), points?.mostPoints);
  return { total: vetoed(sum, points, read), items };
}

/** The points of some items together, as a scheme's threshold sees them. */
export function countItems(points: PlannedPoints, wanted: readonly number[], findings: readonly Finding[], read: ReadTerm): Range {
  const items = wanted.map((index) => countItem(points.items[index] as PlannedItem, findings, read));
  return vetoed(capped(added(items), points.mostPoints), points, read);
}

function vetoed(range: Range, points: PlannedPoints | undefined, read: ReadTerm): Range {
  const vetoes = (points?.vetoes ?? []).map(read);
  if (vetoes.includes(1)) return NOTHING;
  return vetoes.includes(0) ? { least: Math.min(0, range.least), most: range.most } : range;
}

function countItem({ fixed, measured, mostPoints }: PlannedItem, findings: readonly Finding[], read: ReadTerm): Range {
  const parts: Range[] = [];
  if (fixed) parts.push(fixedPoints(read(fixed.when), fixed.points));
  if (measured) {
    const each = measured.measures.map((measure) => pointsFor(monthsOf(measure, findings), measured));
    parts.push(measured.over === 'sum' ? added(each) : greatest(each));
  }
  return capped(added(parts), mostPoints);
}

function fixedPoints(truth: Truth, points: number): Range {
  if (truth === 1) return { least: points, most: points };
  return truth === -1 ? NOTHING : { least: Math.min(0, points), most: Math.max(0, points) };
}

/** What a claim discloses, as months or another number. A claim that is refuted without disclosing anything measures nothing. */
export function monthsOf({ claim, disclosure, until }: PlannedMeasure, findings: readonly Finding[]): Range {
  const finding = findings[claim];
  if (finding?.outcome !== 'confirmed' && finding?.outcome !== 'refuted') return UNKNOWN;
  const value = finding.disclosures?.[disclosure];
  const number = typeof value === 'string' && until !== undefined ? fullMonths(value, until) : value;
  if (typeof number === 'number') return { least: number, most: number };
  return finding.outcome === 'confirmed' ? UNKNOWN : NOTHING;
}

function pointsFor(months: Range, measured: NonNullable<PlannedItem['measured']>): Range {
  const { perMonth, after, mostMonths, steps } = measured;
  const points = (count: number): number => {
    const counted = Math.min(Math.max(0, count - after), mostMonths ?? Number.POSITIVE_INFINITY);
    const step = (steps ?? []).reduce((best, { from, points: given }) => (count >= from ? Math.max(best, given) : best), 0);
    return toThousandths((perMonth === 0 ? 0 : counted * perMonth) + step);
  };
  return { least: points(months.least), most: points(months.most) };
}

// Rates such as 0.1 have no exact binary form: a hundred of them must make 10.
const toThousandths = (points: number): number => (Number.isFinite(points) ? Math.round(points * 1000) / 1000 : points);

const added = (ranges: readonly Range[]): Range => ({
  least: toThousandths(ranges.reduce((sum, { least }) => sum + least, 0)),
  most: toThousandths(ranges.reduce((sum, { most }) => sum + most, 0)),
});

const greatest = (ranges: readonly Range[]): Range => ({
  least: ranges.reduce((best, { least }) => Math.max(best, least), 0),
  most: ranges.reduce((best, { most }) => Math.max(best, most), 0),
});

const capped = ({ least, most }: Range, cap: number | undefined): Range =>
  cap === undefined ? { least, most } : { least: Math.min(least, cap), most: Math.min(most, cap) };
