/** People who ask this process, lately. */
export interface Crowd {
  /** Somebody asks. */
  came(): void;
  /**
   * How many are worked on at a time, on an average of the last seconds or of the last moments, whichever is more: how many came a second,
   * times what one takes when nobody shares a message with it. That is more than it takes of the thread in a crowd.
   */
  readonly load: number;
}

// What a lone lookup takes with agencies that answer at once, milliseconds (docs/speed.md). How long it waits for a slow agency costs this
// process nothing, so it counts for nothing.
const WORK_MS = 10;
// People who stopped coming are remembered for seconds, and a crowd that begins is noticed at once.
const MEMORIES_MS = [2_000, 200];

/** Nobody yet. `now`: a clock, milliseconds. */
export function createCrowd(now: () => number = () => performance.now()): Crowd {
  const averages = MEMORIES_MS.map((memoryMs) => createAverage(memoryMs, now));
  return {
    came() {
      for (const { came } of averages) came();
    },
    get load() {
      return Math.max(...averages.map((average) => average.load));
    },
  };
}

/** An average that forgets what is older than `memoryMs`, little by little. */
function createAverage(memoryMs: number, now: () => number): Crowd {
  let load = 0;
  let at = now();

  function goOn(): void {
    const then = at;
    at = now();
    load *= Math.exp((then - at) / memoryMs);
  }

  return {
    came() {
      goOn();
      load += WORK_MS / memoryMs;
    },
    get load() {
      goOn();
      return load;
    },
  };
}
