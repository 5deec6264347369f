/** Room for rows to be asked at once, in one instance. */
export interface RowSlots {
  /**
   * Resolves when there is room for one more of the platform's, in the order of asking among those that may: with true, and then it must leave;
   * with false when `stop` came first.
   */
  enter(platform: string, stop: AbortSignal): Promise<boolean>;
  leave(platform: string): void;
}

/** What decides how much room there is, as it stands at the moment. */
export interface Room {
  /** Lookups of people that are worked on at a time, lately. */
  readonly peoplesLoad: () => number;
  /** Rows of a platform that may be asked at once; one is let in, even if there is room for none. */
  readonly mostOf: (platform: string) => number;
}

// With such a load batches have half of their room left, with one person at all times less than a hundredth: a row that is worked on beside
// a person makes that person wait for about as long as the row takes, and so does what it leaves to the store and the broker.
const HALF_AT = 0.005;
// A row that waits for its agency, or for another try, takes nothing of anybody: the next may go after so long, whatever the room. Ten a second
// are a million within the time that a batch has.
const ONE_EVERY_MS = 100;

interface Waiting {
  readonly platform: string;
  readonly stop: AbortSignal;
  readonly go: (entered: boolean) => void;
}

/** Rows that may be asked at once, on an average, beside such a load. Less than one is one, and a pause after it. */
export const roomFor = (most: number, peoplesLoad: number): number => (most * HALF_AT) / (HALF_AT + peoplesLoad);

/** Slots that give way to lookups of people. A platform at its own bound holds up no other. */
export function createRowSlots(most: number, { peoplesLoad, mostOf }: Room): RowSlots {
  let waiting: Waiting[] = [];
  const insideOf = new Map<string, number>();
  let inside = 0;
  let enteredAt = 0;
  let leftAt = 0;
  let timer: NodeJS.Timeout | undefined;
  let timerAt = Number.POSITIVE_INFINITY;

  const mayEnter = ({ platform }: Waiting): boolean => (insideOf.get(platform) ?? 0) < Math.max(1, mostOf(platform));

  /** When the next may go, as things stand; milliseconds of `performance.now()`. */
  function nextAt(): number {
    if (inside >= most) return Number.POSITIVE_INFINITY;
    const room = roomFor(most, peoplesLoad());
    if (inside + 1 <= room) return Number.NEGATIVE_INFINITY;
    const anyway = enteredAt + ONE_EVERY_MS;
    if (inside > 0) return anyway;
    const took = leftAt - enteredAt;
    return Math.min(anyway, leftAt + took * (1 / room - 1));
  }

  function admit(): void {
    while (waiting.length > 0 && nextAt() <= performance.now()) {
      const at = waiting.findIndex(mayEnter);
      const [next] = at === -1 ? [] : waiting.splice(at, 1);
      if (!next) break;
      inside += 1;
      insideOf.set(next.platform, (insideOf.get(next.platform) ?? 0) + 1);
      enteredAt = performance.now();
      next.go(true);
    }
    if (waiting.length > 0) lookAgainSoon();
  }

  /** When there is room; and before long in any case: people may go, and platforms' requests end, without anybody telling. */
  function lookAgainSoon(): void {
    const now = performance.now();
    const next = nextAt();
    const at = Math.min(next > now ? next : Number.POSITIVE_INFINITY, now + ONE_EVERY_MS);
    if (timerAt <= at) return;
    clearTimeout(timer);
    timer = setTimeout(lookAgain, at - now).unref();
    timerAt = at;
  }

  function lookAgain(): void {
    timerAt = Number.POSITIVE_INFINITY;
    const stopped = waiting.filter(({ stop }) => stop.aborted);
    waiting = waiting.filter(({ stop }) => !stop.aborted);
    for (const { go } of stopped) go(false);
    admit();
  }

  return {
    enter: (platform, stop) =>
      new Promise((go) => {
        waiting.push({ platform, stop, go });
        admit();
      }),
    leave(platform) {
      inside -= 1;
      leftAt = performance.now();
      const left = (insideOf.get(platform) ?? 1) - 1;
      if (left > 0) insideOf.set(platform, left);
      else insideOf.delete(platform);
      admit();
    },
  };
}
