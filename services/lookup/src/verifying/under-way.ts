/** Attempts under way in this process, by verification id, so that a repeat waits for the first instead of asking again. */
export interface UnderWay {
  /** The attempt at an id, if there is one. */
  get(id: string): Attempt | undefined;
  /** Runs the attempt at an id that has none. */
  run<T>(id: string, canonical: string, attempt: () => Promise<T>): Promise<T>;
}

/** One attempt. */
export interface Attempt {
  /** Canonical form of its request. */
  readonly canonical: string;
  /** Resolves when it is over, however it ended. */
  readonly over: Promise<void>;
}

/** No attempts yet. Bounded by the requests that are let in. */
export function createUnderWay(): UnderWay {
  const attempts = new Map<string, Attempt>();
  return {
    get: (id) => attempts.get(id),
    async run(id, canonical, attempt) {
      const { promise: over, resolve } = withResolvers();
      attempts.set(id, { canonical, over });
      try {
        return await attempt();
      } finally {
        attempts.delete(id);
        resolve();
      }
    },
  };
}

// Promise.withResolvers is newer than Node 20.
function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
