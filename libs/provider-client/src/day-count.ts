/** How much was asked of an agency that has a quota a day. Days are numbered from 1970 on, in Asia/Shanghai. */
export interface DayCount {
  /** Queries of a day, of all who count here. */
  of(day: number): number;
  /** One more was asked. */
  add(day: number): void;
}

/** The count of each provider, by its id. */
export interface DayCounts {
  of(provider: string): DayCount;
}

// A clock may go back over midnight, and come again.
const KEPT_DAYS = 7;

/** A count that ends with the process. */
export function createDayCount(): DayCount {
  const counts = new Map<number, number>();
  return {
    of: (day) => counts.get(day) ?? 0,
    add(day) {
      if (!counts.has(day)) for (const known of counts.keys()) if (known < day - KEPT_DAYS) counts.delete(known);
      counts.set(day, (counts.get(day) ?? 0) + 1);
    },
  };
}
