import type { Readable, Writable } from 'node:stream';

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };

interface Waiter<T> {
  readonly resolve: (result: IteratorResult<T, undefined>) => void;
  readonly reject: (reason: unknown) => void;
}

/** Messages of a gRPC stream. */
export interface MessageReader<T> extends AsyncIterableIterator<T, undefined> {
  /** Ends the reading with an error, after the messages that have come already. */
  fail(reason: unknown): void;
}

/** How messages are read. */
export interface ReadOptions<Raw, T> {
  readonly decode: (raw: Raw) => T;
  /** Runs when the reader stops before the end. */
  readonly onReturn?: () => void;
  /**
   * Waits a turn of the event loop before it believes in an end. A grpc-js caller that cancels ends its side in good order a moment before
   * it resets the stream, and requests cut short must not pass for all of them.
   */
  readonly doubtEnd?: boolean;
}

/** Messages of an object stream as they are asked for. No more are taken from the wire than the stream's own buffer holds (16). */
export function readMessages<Raw, T>(stream: Readable, { decode, onReturn, doubtEnd }: ReadOptions<Raw, T>): MessageReader<T> {
  const waiters: Waiter<T>[] = [];
  let ended = false;
  let failed = false;
  let reason: unknown;

  function take(): IteratorResult<T, undefined> | undefined {
    const raw = ended ? null : (stream.read() as Raw | null);
    if (raw !== null) return { done: false, value: decode(raw) };
    return ended && !failed ? DONE : undefined;
  }

  /** Serves those who wait with what there is. */
  function serve(): void {
    for (let waiter = waiters[0]; waiter; waiter = waiters[0]) {
      try {
        const result = take();
        if (!result && !failed) return;
        waiters.shift();
        if (result) waiter.resolve(result);
        else waiter.reject(reason);
      } catch (failure) {
        waiters.shift();
        waiter.reject(failure);
      }
    }
  }

  function fail(why: unknown): void {
    if (ended || failed) return;
    failed = true;
    reason = why;
    serve();
  }

  stream.on('readable', serve);
  function end(): void {
    if (failed) return;
    ended = true;
    serve();
  }

  stream.on('end', doubtEnd ? () => setImmediate(end) : end);
  return {
    fail,
    [Symbol.asyncIterator]() {
      return this;
    },
    next() {
      return new Promise((resolve, reject) => {
        waiters.push({ resolve, reject });
        serve();
      });
    },
    async return() {
      const early = !ended && !failed;
      ended = true;
      failed = false;
      if (early) onReturn?.();
      serve();
      return DONE;
    },
  };
}

/** Where messages are sent. */
export interface MessageWriter<T> {
  /** Sends all messages, no faster than they go out, until they end or `stop` is called; rejects with what the messages throw. */
  sendAll(messages: AsyncIterable<T>): Promise<void>;
  /** Nobody receives any more: lets go of the messages. */
  stop(): void;
}

/** A writer that honours back-pressure: when the stream is full the next message is not asked for until it has drained. */
export function writeMessages<T>(stream: Writable, encode: (message: T) => unknown): MessageWriter<T> {
  let stopped = false;
  let wake: (() => void) | undefined;
  let source: AsyncIterator<T> | undefined;
  stream.on('drain', () => wake?.());

  function stop(): void {
    if (stopped) return;
    stopped = true;
    wake?.();
    // A generator that waits inside ends when its wait does; what it throws then is nobody's business.
    void Promise.resolve(source?.return?.()).catch(() => undefined);
  }

  return {
    stop,
    async sendAll(messages) {
      source = messages[Symbol.asyncIterator]();
      try {
        while (!stopped) {
          const { done, value } = await source.next();
          if (done || stopped) return;
          if (!stream.write(encode(value))) {
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
          }
        }
      } catch (failure) {
        stop();
        throw failure;
      }
    },
  };
}
