/** How many queries at once serve an agency best: up to its knee more at once is more a second, past it the same and each slower. */
export interface Knee {
  /** Most queries to have in flight, as it stands. */
  readonly limit: number;
  /** What an answer usually takes, milliseconds; undefined until something was heard. */
  readonly latencyMs: number | undefined;
  /** A query was answered, or given up, after `latencyMs`, with `inFlight` queries out, itself among them. */
  observed(latencyMs: number, inFlight: number): void;
  /** The agency takes so many queries in one batch. */
  declare(largestBatch: number): void;
  /** The agency says that it is asked too much at once. */
  refused(inFlight: number): void;
  /** Forgets everything: another connection, or the agency has been away. */
  reset(): void;
}

/** Between which limits a knee is looked for, and where it is begun. */
export interface KneeOptions {
  readonly min: number;
  readonly start: number;
  readonly max: number;
}

const FEWEST_SAMPLES = 16;
// A rise below this is no queue at the agency: it comes and goes by itself, or is our own process that was busy.
const TOLERANCE = 1.5;
const SLACK_MS = 25;
// Standard errors by which a window's mean may miss.
const DOUBT = 2;
const LARGEST_CUT = 0.6;
const REFUSED_CUT = 0.8;
const HALF = 0.5;
// Answers of a queue would take half as long when half as much is asked; this is far enough from none of that.
const FASTER = 0.75;
// Who takes batches is built for some queries at once; to send them by ones and twos because they queue there for a moment costs both sides
// more a query than the queue does. For no longer than a moment, and not when the agency refuses them.
const BATCH_SHARE = 1 / 10;
const MOMENT_MS = 250;
// Share of the limit that must have been in use for a window to say something about it.
const FULL = 0.8;

/**
 * Finds the knee by latency, in the manner of TCP Vegas: while more at once costs no time the limit grows (doubling at first, then by its
 * root), when answers become slower than they were at best it shrinks in proportion. Windows are as long as so many answers, not a time,
 * so an agency of 20 ms and one of 2 s are treated alike; means are geometric, so a few stragglers are not taken for a queue.
 *
 * What is best is learnt by asking half as much at once: when answers come faster for it, there was a queue at the agency, and half again
 * is tried; when they do not, its time is its own. So it goes at the beginning, and whenever an agency has become slower; where there is no
 * less to ask, a little more at once is tried instead. (No kept library does this for Node; Netflix's concurrency-limits is for the JVM.)
 */
export function createKnee({ min, start, max }: KneeOptions): Knee {
  let limit = start;
  /** Below this the limit is not lowered for answers that take a moment only. */
  let worthwhile = min;
  let growing = true;
  /** Geometric mean of the best window, milliseconds. */
  let best: number | undefined;
  let usual: number | undefined;
  /** Where the limit was when it began to be lowered, and what answers took then. */
  let loweredFrom: { readonly limit: number; readonly mean: number } | undefined;
  /** Answers to come to what was sent under the limit before, or in a first rush: they say nothing of this one. */
  let stale: number | undefined;
  let samples = 0;
  let sum = 0;
  let squares = 0;
  let peak = 0;
  let refused = false;

  const leastFor = (mean: number): number => (mean > MOMENT_MS ? min : worthwhile);

  function closeWindow(inFlight: number): void {
    const logMean = sum / samples;
    const mean = Math.exp(logMean);
    const error = Math.sqrt(Math.max(0, squares / samples - logMean * logMean) / samples);
    const window = { mean, error, peak, refused, inFlight };
    samples = sum = squares = peak = 0;
    refused = false;
    usual = mean;
    adjust(window);
  }

  function adjust({ mean, error, peak, refused, inFlight }: Window): void {
    const first = best === undefined;
    best = Math.min(best ?? mean, mean);
    const bearable = best * TOLERANCE * Math.exp(DOUBT * error) + SLACK_MS;
    const full = peak >= Math.floor(limit * FULL);
    const least = leastFor(mean);
    if (loweredFrom && limit <= loweredFrom.limit * HALF) {
      const { mean: before } = loweredFrom;
      loweredFrom = undefined;
      if (mean > before * FASTER && mean + SLACK_MS > before) {
        // Half as much at once, and no faster: there is no queue, and never mind what was best once.
        best = mean;
        growing = true;
        grow(inFlight);
        return;
      }
      if (growing) {
        lower(HALF, mean, peak, inFlight);
        return;
      }
    }
    if (mean > bearable && limit <= least) {
      // Nothing below is left to try. The fewest are no queue, so the time is the agency's own, which has become slower; of more it is taken
      // for that as long as a few more at once are answered in about the same.
      growing = limit === min;
      best = mean;
      loweredFrom = undefined;
      if (full && !refused) grow(inFlight);
    } else if (mean > bearable) {
      growing = false;
      lower(Math.max(LARGEST_CUT, bearable / mean), mean, peak, inFlight);
    } else if (first && full && mean > SLACK_MS) lower(HALF, mean, peak, inFlight);
    else {
      loweredFrom = undefined;
      // Who never comes near the limit learns nothing about it.
      if (full && !refused) grow(inFlight);
    }
  }

  function grow(inFlight: number): void {
    stale = inFlight;
    limit = Math.min(max, growing ? limit * 2 : limit + Math.ceil(Math.sqrt(limit)));
  }

  function lower(factor: number, mean: number, peak: number, inFlight: number): void {
    const least = leastFor(mean);
    const from = Math.min(limit, peak);
    // Where a queue was still building up, what came after it counts.
    if (!loweredFrom || mean > loweredFrom.mean) loweredFrom = { limit: from, mean };
    limit = Math.max(Math.min(limit, least), Math.floor(from * factor));
    stale = inFlight;
    // There is nothing below to learn from.
    if (limit <= least) loweredFrom = undefined;
  }

  return {
    get limit() {
      return limit;
    },
    get latencyMs() {
      return usual;
    },
    observed(latencyMs, inFlight) {
      stale ??= inFlight;
      if (stale > 0) {
        stale -= 1;
        return;
      }
      const log = Math.log(Math.max(1, latencyMs));
      samples += 1;
      sum += log;
      squares += log * log;
      peak = Math.max(peak, inFlight);
      if (samples >= Math.max(FEWEST_SAMPLES, limit / 2)) closeWindow(inFlight - 1);
    },
    declare(largestBatch) {
      worthwhile = Math.min(max, Math.max(min, Math.floor(largestBatch * BATCH_SHARE)));
    },
    refused(inFlight) {
      // Once a window: all that were out when it became too much are refused together.
      if (refused) return;
      refused = true;
      growing = false;
      limit = Math.max(min, Math.floor(Math.min(limit, inFlight) * REFUSED_CUT));
      stale = inFlight;
    },
    reset() {
      limit = start;
      growing = true;
      best = usual = loweredFrom = undefined;
      stale = undefined;
      samples = sum = squares = peak = 0;
      refused = false;
    },
  };
}

/** What was seen of so many answers. */
interface Window {
  /** Geometric mean, milliseconds, and its standard error as a logarithm. */
  readonly mean: number;
  readonly error: number;
  /** Most in flight at once. */
  readonly peak: number;
  readonly refused: boolean;
  /** In flight at its end. */
  readonly inFlight: number;
}
