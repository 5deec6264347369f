/** A stack of open resources, closed last in, first out. Stands in for AsyncDisposableStack, which Node 20 lacks. */
export interface Resources extends AsyncDisposable {
  /** Adds a resource and returns it. */
  use<T extends AsyncDisposable>(resource: T): T;
  /** Adds a closing action. */
  defer(close: () => unknown): void;
  /** Hands everything over to a new owner; this stack is then empty. */
  move(): Resources;
}

/** An empty stack. Closing goes on past a failing close and then throws all failures together. */
export function createResources(): Resources {
  let closers: (() => unknown)[] = [];
  return {
    use(resource) {
      closers.push(() => resource[Symbol.asyncDispose]());
      return resource;
    },
    defer(close) {
      closers.push(close);
    },
    move() {
      const next = createResources();
      for (const close of closers) next.defer(close);
      closers = [];
      return next;
    },
    async [Symbol.asyncDispose]() {
      const failures: unknown[] = [];
      for (let close = closers.pop(); close; close = closers.pop()) {
        try {
          await close();
        } catch (failure) {
          failures.push(failure);
        }
      }
      if (failures.length > 0) throw new AggregateError(failures, 'Some resources did not close');
    },
  };
}
