/** Lets one waiter sleep until something may have changed. */
export interface Wakeup {
  /** Resolves at the next `notify`, at once when one came since the last wait. */
  wait(): Promise<void>;
  notify(): void;
}

/** A wakeup that nobody has notified yet. */
export function createWakeup(): Wakeup {
  let pending = false;
  let wake: (() => void) | undefined;
  return {
    wait() {
      if (pending) {
        pending = false;
        return Promise.resolve();
      }
      return new Promise((resolve) => {
        wake = resolve;
      });
    },
    notify() {
      if (!wake) {
        pending = true;
        return;
      }
      const resolve = wake;
      wake = undefined;
      resolve();
    },
  };
}
