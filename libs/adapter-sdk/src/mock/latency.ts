/** How long an agency takes: median and 99th percentile, milliseconds. */
export interface LatencyShape {
  readonly p50Ms: number;
  /** Equal to the median, or 0: always the median. Otherwise latencies are log-normal. */
  readonly p99Ms: number;
}

/** The 99th percentile of the standard normal distribution. */
const Z99 = 2.3263478740408408;

/** One latency out of a shape, milliseconds. `random` gives numbers in [0, 1). */
export function drawLatency({ p50Ms, p99Ms }: LatencyShape, random: () => number): number {
  if (p50Ms <= 0 || p99Ms <= p50Ms) return p50Ms;
  const sigma = Math.log(p99Ms / p50Ms) / Z99;
  return p50Ms * Math.exp(sigma * drawNormal(random));
}

/** Box–Muller: a standard normal number out of two even ones. */
function drawNormal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
