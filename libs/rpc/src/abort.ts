interface Waiting {
  readonly listeners: Set<() => void>;
  readonly tell: () => void;
}

const waitingBySignal = new WeakMap<AbortSignal, Waiting>();

/**
 * Calls the listener when the signal aborts, until the function that it returns is called. For signals that many calls share: each is listened
 * to once, whoever waits for it. An event target looks through all of its listeners for each that comes.
 */
export function whenAborted(signal: AbortSignal, listener: () => void): () => void {
  const waiting = waitingBySignal.get(signal) ?? waitFor(signal);
  const { listeners, tell } = waiting;
  if (listeners.size === 0) signal.addEventListener('abort', tell, { once: true });
  listeners.add(listener);
  return () => {
    // The last one leaves nothing behind: a signal that is listened to is kept by what may abort it.
    if (listeners.delete(listener) && listeners.size === 0) signal.removeEventListener('abort', tell);
  };
}

function waitFor(signal: AbortSignal): Waiting {
  const listeners = new Set<() => void>();
  const tell = (): void => {
    // One may stop another from listening.
    for (const listener of [...listeners]) if (listeners.has(listener)) listener();
  };
  const waiting: Waiting = { listeners, tell };
  waitingBySignal.set(signal, waiting);
  return waiting;
}
