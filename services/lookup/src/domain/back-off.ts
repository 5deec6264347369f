const FIRST_MS = 1_000;
const SOON_MS = 15_000;
const LATER_MS = 300_000;
const LONGEST_ASKED_MS = 3_600_000;
// 40 attempts at most 15 s apart are about ten minutes: long enough for a restart, after that it is an outage.
const SOON_ATTEMPTS = 40;
// Each costs the store two statements' share; when their agency is back they are brought forward, however long they were to wait.
const MOST_PUT_OFF_A_SECOND = 100;

/** Whether so many retries in vain mean an outage, not a restart. */
export const isOutage = (attempts: number): boolean => attempts >= SOON_ATTEMPTS;

/** What decides when a pending verification is looked at again. */
export interface RetryDelay {
  /** Longest wait that an agency asked for, milliseconds; 0 if none did. */
  readonly askedMs: number;
  /** Pending verifications that wait for an agency's return together with it; 0 when it could be asked. */
  readonly crowd: number;
  /** From 0 to 1. */
  readonly random: number;
}

/**
 * How long to wait before a pending verification's agencies are asked again, milliseconds: 1 s doubling to 15 s, after about ten minutes
 * every 5 min; no sooner than an agency asked. Spread by a fifth, so that what failed together does not return together. The more wait for an agency
 * that is away, the longer each, so that any number of them costs about the same.
 *
 * @param attempt Retries made so far.
 */
export function retryDelayMs(attempt: number, { askedMs, crowd, random }: RetryDelay): number {
  const base = isOutage(attempt) ? LATER_MS : Math.min(FIRST_MS * 2 ** Math.min(attempt, 10), SOON_MS);
  const crowdMs = (crowd / MOST_PUT_OFF_A_SECOND) * 1_000;
  return Math.round(
    Math.max(base * (0.9 + random * 0.2), Math.min(askedMs, LONGEST_ASKED_MS) * (1 + random * 0.2), crowdMs * (0.5 + random)),
  );
}
