/** People who wait, now and lately. */
export interface Crowd {
  enter(): void;
  leave(): void;
  /** How many wait now, or how many did on an average of the last seconds, whichever is more. */
  readonly size: number;
}

// For about so long the next one is expected while nobody waits: whoever comes often, and is served at once, is a crowd too.
const REMEMBERED_MS = 2_000;

/** Nobody yet. `now`: a clock, milliseconds. */
export function createCrowd(now: () => number = () => performance.now()): Crowd {
  let inside = 0;
  let usual = 0;
  let at = now();

  function goOn(): void {
    const then = at;
    at = now();
    usual = inside + (usual - inside) * Math.exp((then - at) / REMEMBERED_MS);
  }

  return {
    enter() {
      goOn();
      inside += 1;
    },
    leave() {
      goOn();
      inside -= 1;
    },
    get size() {
      goOn();
      return Math.max(inside, usual);
    },
  };
}
