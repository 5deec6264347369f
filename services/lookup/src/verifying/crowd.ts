/** People who ask this process, lately. */
export interface Crowd {
  /** Somebody asks. */
  came(): void;
  /**
   * How many are worked on at a time, on an average of the last seconds: how many came a second, times what one takes when nobody shares a
   * message with it. That is more than it takes of the thread in a crowd.
   */
  readonly load: number;
}

// What a lone lookup takes with agencies that answer at once, milliseconds (docs/speed.md). How long it waits for a slow agency costs this
// process nothing, so it counts for nothing.
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
