/** The median; NaN of nothing. */
export const median = (values: ArrayLike<number>): number => percentile(values, 50);

/** The value below which so many percent lie, by linear interpolation; NaN of nothing. */
export function percentile(values: ArrayLike<number>, percent: number): number {
  if (values.length === 0) return Number.NaN;
  const sorted = Float64Array.from(values).sort();
  const place = ((sorted.length - 1) * percent) / 100;
  const below = sorted[Math.floor(place)] as number;
  const above = sorted[Math.ceil(place)] as number;
  return below + (above - below) * (place - Math.floor(place));
}

/** How far values lie apart: from the least to the greatest, as a share of the median. */
export function spreadOf(values: readonly number[]): number {
  return values.length === 0 ? Number.NaN : (Math.max(...values) - Math.min(...values)) / median(values);
}
