const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };

interface Waiter<T> {
  readonly resolve: (result: IteratorResult<T, undefined>) => void;
  readonly reject: (reason: unknown) => void;
}

/** A bounded queue between one side that sends and one that reads, both in this process. */
export interface Pipe<T> {
  readonly reader: AsyncIterableIterator<T, undefined>;
  /** Takes one message; what it returns settles when there is room for the next. */
  push(message: T): Promise<void> | undefined;
  /** No more messages come. */
  end(): void;
  /** No more messages come, because of this; those that came already are read first. */
  fail(reason: unknown): void;
}

/** A pipe that holds `limit` messages; `onReturn` runs when the reader stops before the end. */
export function createPipe<T>(limit: number, onReturn: () => void): Pipe<T> {
  const messages: T[] = [];
  const waiters: Waiter<T>[] = [];
  let ended = false;
  let failure: { readonly reason: unknown } | undefined;
  let makeRoom: (() => void) | undefined;

  function close(): void {
    ended = true;
    makeRoom?.();
    for (const waiter of waiters.splice(0)) {
      if (failure) waiter.reject(failure.reason);
      else waiter.resolve(DONE);
    }
  }

  return {
    push(message) {
      if (ended) return undefined;
      const waiter = waiters.shift();
      if (waiter) {
        waiter.resolve({ done: false, value: message });
        return undefined;
      }
      messages.push(message);
      if (messages.length < limit) return undefined;
      return new Promise((resolve) => {
        makeRoom = resolve;
      });
    },
    end() {
      if (!ended) close();
    },
    fail(reason) {
      if (ended) return;
      failure = { reason };
      close();
    },
    reader: {
      [Symbol.asyncIterator]() {
        return this;
      },
      next() {
        const message = messages.shift();
        if (message !== undefined) {
          if (messages.length < limit) makeRoom?.();
          return Promise.resolve({ done: false, value: message });
        }
        if (failure) return Promise.reject(failure.reason);
        if (ended) return Promise.resolve(DONE);
        return new Promise((resolve, reject) => waiters.push({ resolve, reject }));
      },
      async return() {
        const early = !ended;
        messages.length = 0;
        failure = undefined;
        if (early) {
          close();
          onReturn();
        }
        return DONE;
      },
    },
  };
}

/** Fills a pipe from an iterable. */
export interface Pour<T> {
  /** Sends all messages as fast as the pipe has room, until they end or `stop` is called; rejects with what the messages throw. */
  all(messages: AsyncIterable<T>): Promise<void>;
  /** Nobody reads any more: lets go of the messages. */
  stop(): void;
}

/** Fills a pipe; each message goes through `convert` first. */
export function pourInto<T>(pipe: Pipe<T>, convert: (message: T) => T): Pour<T> {
  let stopped = false;
  let source: AsyncIterator<T> | undefined;

  function stop(): void {
    if (stopped) return;
    stopped = true;
    // A generator that waits inside ends when its wait does; what it throws then is nobody's business.
    void Promise.resolve(source?.return?.()).catch(() => undefined);
  }

  return {
    stop,
    async all(messages) {
      source = messages[Symbol.asyncIterator]();
      try {
        while (!stopped) {
          const { done, value } = await source.next();
          if (done || stopped) return;
          await pipe.push(convert(value));
        }
      } catch (failure) {
        stop();
        throw failure;
      }
    },
  };
}
