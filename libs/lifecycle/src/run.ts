/** What a start gives. */
export interface Running extends AsyncDisposable {
  /** Tells who sends work here to send it elsewhere, and resolves once they had time to; it goes on working until it is closed. */
  leave?(): Promise<void>;
  /** Reads again what may change while it runs; told to by SIGHUP. */
  reload?(): Promise<void>;
}

/** Starts a service; what it returns leaves and is then closed when the process is told to stop. */
export type Start = (signal: AbortSignal) => Promise<Running>;

const STOP_WITHIN_MS = 15_000;

/**
 * Runs a service until SIGINT or SIGTERM, then lets it leave and closes it. SIGHUP makes it reload, unless it runs on a terminal. The exit code is 0 after a clean stop, 1 when start or stop
 * failed. A stop that hangs is ended after fifteen seconds, not counting the time that it takes to leave.
 */
export async function run(name: string, start: Start): Promise<void> {
  const stop = new AbortController();
  // Not once: npm and the terminal both pass Ctrl-C on, and the second one must not end what the first one began.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort());
  try {
    const service = await start(stop.signal);
    // On a terminal it means that the terminal has gone, and ends what runs there.
    if (service.reload && !isOnTerminal()) process.on('SIGHUP', () => void service.reload?.().catch(() => undefined));
    await untilAborted(stop.signal);
    await service.leave?.();
    setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
    await service[Symbol.asyncDispose]();
  } catch (failure) {
    process.exitCode = 1;
    process.stderr.write(`${name}: ${describe(failure)}\n`);
    setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
  }
}

const isOnTerminal = (): boolean => [process.stdin, process.stdout].some(({ isTTY }) => isTTY);

function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    // A signal handler alone does not keep a process alive, and a service may have no socket open.
    const alive = setInterval(() => undefined, 2 ** 30);
    signal.addEventListener(
      'abort',
      () => {
        clearInterval(alive);
        resolve();
      },
      { once: true },
    );
  });
}

const OUR_BUGS = [TypeError, ReferenceError, RangeError, SyntaxError];

/** What a person needs to know: the messages from the outside in, and a stack only where it can be nothing but a bug of ours. */
function describe(failure: unknown): string {
  if (!(failure instanceof Error)) return String(failure);
  const inner = failure.cause ?? (failure instanceof AggregateError ? failure.errors[0] : undefined);
  const code = 'code' in failure ? failure.code : undefined;
  // The code for callers from outside says nothing here; its cause does.
  if (code === 'internal' && inner !== undefined) return describe(inner);
  if (code === 'EADDRINUSE')
    return `${failure.message}\n  Another process listens there: stop it, or choose another port (VOUCH_…_PORT; 0 picks a free one)`;
  const text = OUR_BUGS.some((kind) => failure instanceof kind) ? (failure.stack ?? failure.message) : failure.message;
  return inner === undefined ? text : `${text}\n  because: ${describe(inner)}`;
}
