/** Lets a loop sleep until somebody rings, or until a time is over. A ring while the loop is awake is kept for its next sleep. */
export interface Bell {
  ring(): void;
  sleep(ms: number): Promise<void>;
}

/** A bell that has not rung. */
export function createBell(): Bell {
  let rung = false;
  let wake: (() => void) | undefined;
  return {
    ring() {
      rung = true;
      wake?.();
    },
    async sleep(ms) {
      if (!rung) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
        wake = undefined;
      }
      rung = false;
    },
  };
}
