const MOST_DRIFT_MS = 20;
let anchor = performance.timeOrigin;

/**
 * Milliseconds since 1970 with fractions. The SDK's own start times are whole milliseconds, too coarse to order spans that take less;
 * follows the system clock when that is set anew.
 */
export function wallClockMs(): number {
  const elapsed = performance.now();
  const drift = Date.now() - (anchor + elapsed);
  if (Math.abs(drift) > MOST_DRIFT_MS) anchor += drift;
  return anchor + elapsed;
}
