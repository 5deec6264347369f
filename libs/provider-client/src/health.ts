import type { ProviderState } from './types.js';

/** A provider's state and its circuit breaker. */
export interface Health {
  readonly state: ProviderState;
  /** Changes the state. `up` and `trial` call the listeners. */
  go(state: ProviderState): void;
  /** A well-formed answer came: a trial is passed. */
  good(): void;
  /** Something went wrong: enough of it in a row trips the breaker, in a trial the first does. */
  bad(): void;
  /** The agency has fallen silent: that trips the breaker at once. */
  silent(): void;
  onHealthy(listener: () => void): () => void;
}

/** What a breaker needs. */
export interface HealthOptions {
  /** Failures in a row that trip. */
  readonly tripAfter: number;
  /** Told when the breaker trips; brings the state down. */
  readonly onTrip: () => void;
  readonly onChange: (state: ProviderState, before: ProviderState) => void;
}

/** A breaker that starts as `connecting`. */
export function createHealth({ tripAfter, onTrip, onChange }: HealthOptions): Health {
  const listeners = new Set<() => void>();
  let state: ProviderState = 'connecting';
  let failures = 0;

  function go(next: ProviderState): void {
    if (next === state) return;
    const before = state;
    state = next;
    failures = 0;
    onChange(next, before);
    if (next === 'up' || next === 'trial') for (const listener of [...listeners]) listener();
  }

  return {
    get state() {
      return state;
    },
    go,
    good() {
      failures = 0;
      if (state === 'trial') go('up');
    },
    bad() {
      if (state !== 'up' && state !== 'trial') return;
      failures += 1;
      if (state === 'trial' || failures >= tripAfter) onTrip();
    },
    silent() {
      if (state === 'up' || state === 'trial') onTrip();
    },
    onHealthy(listener) {
      // A wrapper, so that a listener added twice is called twice and removed once.
      const added = (): void => listener();
      listeners.add(added);
      return () => void listeners.delete(added);
    },
  };
}
