/** What people's lookups take of this process. */
export interface Crowd {
  /** Somebody asks. */
  came(): void;
  /** Share of one thread, on an average of the last seconds; more than 1 when more came than it can serve. */
  readonly load: number;
}

// A lookup's own work, milliseconds, by the page on speed, and as much again for what waits behind it. How long it waits for an agency
// costs this process nothing, so it counts for nothing.
const WORK_MS = 10;
const REMEMBERED_MS = 2_000;

/** Nobody yet. `now`: a clock, milliseconds. */
export function createCrowd(now: () => number = () => performance.now()): Crowd {
  let load = 0;
  let at = now();

  function goOn(): void {
    const then = at;
    at = now();
    load *= Math.exp((then - at) / REMEMBERED_MS);
  }

  return {
    came() {
      goOn();
      load += WORK_MS / REMEMBERED_MS;
    },
    get load() {
      goOn();
      return load;
    },
  };
}
