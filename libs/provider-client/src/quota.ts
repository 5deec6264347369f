import { createDayCount, type DayCount } from './day-count.js';
import { createPace, type Pace } from './pace.js';
import type { Priority } from './types.js';

/** What an agency lets us ask in a time, shared by people and batches. */
export interface Quota {
  /**
   * What the provider declares, queries; 0: none. What was asked already still counts: in the second while the same is declared, in the day
   * as long as any quota a day was.
   */
  declare(perSecond: number, perDay: number): void;
  /** Takes one query's worth; false when there is none for this lane now. */
  take(priority: Priority, now: number): boolean;
  /** Milliseconds from `now` until there may be one for this lane; 0: now. */
  waitMs(priority: Priority, now: number): number;
  /** The agency says itself that it takes no more for so long, milliseconds. */
  spent(forMs: number, now: number): void;
}

/** A day's quota that is counted by several together. */
export interface DayQuota {
  readonly count: DayCount;
  /** Their part of it, above 0 and up to 1. */
  readonly share: number;
}

const DAY_MS = 24 * 3_600_000;
// Days are Asia/Shanghai, which knows no summer time.
const SHANGHAI_MS = 8 * 3_600_000;
// What an agency says of its own quota is believed, but not for ever.
const LONGEST_PAUSE_MS = 60_000;
const SLICES = 10;

/** Of a quota or a limit, what batches may use: a tenth, and one at least, is kept for people; a limit of one is shared. */
export const batchShareOf = (limit: number): number => Math.max(1, limit - Math.max(1, Math.ceil(limit / 10)));

/**
 * A quota with people first. Batches use nine tenths at most and spread them over the second, so that a person who comes while a batch runs
 * finds room at once, or a moment later, and never waits for the next second.
 * @param share this process's part of what is declared, above 0 and up to 1: the agency counts over all callers
 * @param day where what is asked in a day is counted, and which part of a quota a day all who count there have; unless given, this process
 * counts its own part by itself
 */
export function createQuota(share = 1, { count, share: dayShare }: DayQuota = { count: createDayCount(), share }): Quota {
  let declared = { perSecond: 0, perDay: 0 };
  let all: Pace = createPace(0);
  let slice: Pace = createPace(0);
  let day = 0;
  let pausedUntil = 0;

  const partOf = (quota: number, part: number): number => (quota <= 0 ? 0 : Math.max(1, Math.floor(quota * part)));
  const mostOf = (limit: number, priority: Priority): number => (priority === 'batch' ? batchShareOf(limit) : limit);

  // A clock that is set back does not give a day's quota anew.
  function today(now: number): number {
    day = Math.max(day, Math.floor((now + SHANGHAI_MS) / DAY_MS));
    return day;
  }

  function waitMs(priority: Priority, now: number): number {
    const { perSecond, perDay } = declared;
    // A clock that was set back makes no pause longer than it may be.
    pausedUntil = Math.min(pausedUntil, now + LONGEST_PAUSE_MS);
    const pauseMs = Math.max(0, pausedUntil - now);
    if (perDay > 0 && count.of(today(now)) >= mostOf(perDay, priority)) return Math.max(pauseMs, (day + 1) * DAY_MS - SHANGHAI_MS - now);
    if (perSecond === 0) return pauseMs;
    const secondMs = all.waitMs(now, mostOf(perSecond, priority));
    return Math.max(pauseMs, secondMs, priority === 'batch' ? slice.waitMs(now) : 0);
  }

  return {
    declare(perSecond, perDay) {
      const next = { perSecond: partOf(perSecond, share), perDay: partOf(perDay, dayShare) };
      if (next.perSecond !== declared.perSecond) {
        const forBatches = batchShareOf(next.perSecond);
        const slices = Math.min(SLICES, forBatches);
        all = createPace(next.perSecond);
        slice = next.perSecond === 0 ? all : createPace(Math.ceil(forBatches / slices), Math.ceil(1000 / slices));
      }
      declared = next;
    },
    take(priority, now) {
      if (waitMs(priority, now) > 0) return false;
      all.take(1, now);
      if (priority === 'batch' && slice !== all) slice.take(1, now);
      if (declared.perDay > 0) count.add(today(now));
      return true;
    },
    waitMs,
    spent(forMs, now) {
      pausedUntil = Math.max(pausedUntil, now + Math.min(forMs, LONGEST_PAUSE_MS));
    },
  };
}
