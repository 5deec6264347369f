/** How much was asked of an agency that has a quota a day. Days are numbered from 1970 on, in Asia/Shanghai. */
export interface DayCount {
  /** Queries of a day that count on this process's part of the quota. */
  of(day: number): number;
  /** One more was asked. */
  add(day: number): void;
}

/** The count of each provider, by its id. */
export interface DayCounts {
  of(provider: string): DayCount;
}

/** A count that ends with the process. It knows one day, the one of the last query. */
export function createDayCount(start: { readonly day: number; readonly asked: number } = { day: 0, asked: 0 }): DayCount {
  let { day: current, asked } = start;
  return {
    of: (day) => (day === current ? asked : 0),
    add(day) {
      if (day !== current) asked = 0;
      current = day;
      asked += 1;
    },
  };
}
