/** A signal that never aborts: for calls that are bounded by their deadline alone. Shared, since each call would make its own otherwise. */
export const NEVER: AbortSignal = new AbortController().signal;
