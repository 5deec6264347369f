import type { Answer, Outcome } from '@vouch/proto/evidence/v1/evidence';
import { Faults } from '@vouch/proto/mock/v1/mock';
import { fault } from '../finding.js';
import type { Interception } from '../interception.js';
import type { Quota } from '../provider.js';
import { drawLatency, type LatencyShape } from './latency.js';

/**
 * How a mock behaves when nothing is wrong. `realistic`: like the agencies' interfaces (nobody publishes figures; ours are
 * median 200 ms, 99th percentile 3 s, timeout 5 s, the adapter's quotas). `brisk`: a tenth of the latency, the same timeout, so that hardly any query meets it. `instant`: no latency, no quotas.
 */
export type MockProfile = 'instant' | 'brisk' | 'realistic';

interface UsualLatency {
  readonly shape: LatencyShape;
  /** Past it the agency answers that it timed out. */
  readonly timeoutMs: number;
}

const USUAL: Readonly<Record<MockProfile, UsualLatency | undefined>> = {
  instant: undefined,
  brisk: { shape: { p50Ms: 20, p99Ms: 300 }, timeoutMs: 5000 },
  realistic: { shape: { p50Ms: 200, p99Ms: 3000 }, timeoutMs: 5000 },
};

const SECOND_MS = 1000;
const DAY_MS = 86_400_000;
const SHANGHAI_OFFSET_MS = 8 * 3_600_000;

/** What a mock does to its queries. */
export interface Behaviour {
  /** Decides for the next query. */
  intercept(): Interception | undefined;
  /** Quotas in force. */
  quota(): Quota;
  faults(): Faults;
  setFaults(faults: Faults): void;
}

/** What a behaviour needs. */
export interface BehaviourOptions {
  readonly profile: MockProfile;
  /** The adapter's quota. */
  readonly quota: Quota;
  readonly now: () => number;
  readonly random: () => number;
}

/** A mock's behaviour: its profile, and on top of it the faults that somebody asked for. */
export function createBehaviour({ profile, quota: declared, now, random }: BehaviourOptions): Behaviour {
  const usual = USUAL[profile];
  const usualQuota = profile === 'instant' ? { perSecond: 0, perDay: 0 } : declared;
  const second = createCounter(SECOND_MS, 0);
  const day = createCounter(DAY_MS, SHANGHAI_OFFSET_MS);
  let faults = Faults.create();
  let distorted = 0;

  function quota(): Quota {
    return {
      perSecond: faults.quotaPerSecond || usualQuota.perSecond,
      perDay: Number(faults.quotaPerDay) || usualQuota.perDay,
    };
  }

  function latency(): { delayMs: number; timedOut: boolean } {
    if (faults.latency) return { delayMs: drawLatency(faults.latency, random), timedOut: false };
    if (!usual) return { delayMs: 0, timedOut: false };
    const drawn = drawLatency(usual.shape, random);
    return { delayMs: Math.min(drawn, usual.timeoutMs), timedOut: drawn > usual.timeoutMs };
  }

  function intercept(): Interception | undefined {
    const at = now();
    const { perSecond, perDay } = quota();
    const dayLeft = day.count(at);
    const secondLeft = second.count(at);
    if (faults.hang) return { delayMs: 0, hang: true };
    if (perDay > 0 && dayLeft.counted > perDay)
      return {
        delayMs: 0,
        fault: fault('daily_cap_reached', { retryAfterMs: dayLeft.restMs }),
      };
    if (perSecond > 0 && secondLeft.counted > perSecond) {
      return {
        delayMs: 0,
        fault: fault('quota_exhausted', { retryAfterMs: secondLeft.restMs }),
      };
    }
    const { delayMs, timedOut } = latency();
    if (timedOut) return { delayMs, fault: fault('agency_timeout') };
    if (faults.errorRate > 0 && random() < faults.errorRate) return { delayMs, fault: fault(faults.errorCode || 'agency_error') };
    if (faults.wrongShape) return { delayMs, distort: (answer) => distort(answer, distorted++) };
    return delayMs > 0 ? { delayMs } : undefined;
  }

  return {
    intercept,
    quota,
    faults: () => faults,
    setFaults(next) {
      faults = next;
    },
  };
}

/** Counts within fixed spans of time that start at midnight of an offset from UTC. */
function createCounter(spanMs: number, offsetMs: number): { count(at: number): { counted: number; restMs: number } } {
  let span = -1;
  let counted = 0;
  return {
    count(at) {
      const current = Math.floor((at + offsetMs) / spanMs);
      if (current !== span) {
        span = current;
        counted = 0;
      }
      counted += 1;
      return { counted, restMs: (span + 1) * spanMs - offsetMs - at };
    },
  };
}

/** Spoils an answer in one of three ways, in turn: an undeclared disclosure, an outcome that does not exist, no query id. */
function distort(answer: Answer, turn: number): Answer {
  if (turn % 3 === 2) return { ...answer, queryId: '' };
  if (answer.result?.$case !== 'finding') return answer;
  const finding = answer.result.value;
  const spoilt =
    turn % 3 === 0
      ? {
          ...finding,
          disclosures: {
            ...finding.disclosures,
            undeclared: { kind: { $case: 'boolean' as const, value: true } },
          },
        }
      : { ...finding, outcome: 99 as Outcome };
  return { ...answer, result: { $case: 'finding', value: spoilt } };
}
