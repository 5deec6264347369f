const FIRST_MS = 1_000;
const SOON_MS = 15_000;
const LATER_MS = 300_000;
const LONGEST_ASKED_MS = 3_600_000;
// 40 attempts at most 15 s apart are about ten minutes: long enough for a restart, after that it is an outage.
const SOON_ATTEMPTS = 40;

/** Whether so many retries in vain mean an outage, not a restart. */
export const isOutage = (attempts: number): boolean => attempts >= SOON_ATTEMPTS;

/**
 * How long to wait before a pending verification's agencies are asked again, milliseconds: 1 s doubling to 15 s, after about ten minutes
 * every 5 min; no sooner than an agency asked. Spread by a fifth, so that what failed together does not return together.
 *
 * @param attempt Retries made so far.
 * @param askedMs Longest wait that an agency asked for, 0 if none did.
 * @param random A number from 0 to 1.
 */
export function retryDelayMs(attempt: number, askedMs: number, random: number): number {
  const base = isOutage(attempt) ? LATER_MS : Math.min(FIRST_MS * 2 ** Math.min(attempt, 10), SOON_MS);
  return Math.round(Math.max(base * (0.9 + random * 0.2), Math.min(askedMs, LONGEST_ASKED_MS) * (1 + random * 0.2)));
}
