/** Notices an agency that has fallen silent, before the deadlines of those who wait do. */
export interface Silence extends Disposable {
  /** Queries are out: looks until none is. */
  sent(): void;
  /** The agency answered something. */
  heard(): void;
}

/** What is to be noticed, and when. */
export interface SilenceOptions {
  /** Queries that are out now. */
  readonly inFlight: () => number;
  /** Fewer than so many that wait prove nothing. */
  readonly fewest: number;
  /** How long silence is normal, milliseconds; undefined while nothing is known of this agency. */
  readonly patienceMs: () => number | undefined;
  /** Nothing was heard for so long, while enough queries were out all the time. */
  readonly onSilent: () => void;
}

const LOOKS = 2;

/**
 * A watch that looks twice within the patience. Lookups that wait for an agency that hangs hold places that other lookups need, so it is
 * given up on as soon as its silence is not like it, and not when the first deadlines pass.
 */
export function createSilence({ inFlight, fewest, patienceMs, onSilent }: SilenceOptions): Silence {
  let timer: NodeJS.Timeout | undefined;
  let quietLooks = 0;
  let heard = false;

  function arm(): void {
    const patience = patienceMs();
    if (timer || patience === undefined) return;
    timer = setTimeout(look, Math.max(1, patience / LOOKS)).unref();
  }

  function look(): void {
    timer = undefined;
    const out = inFlight();
    // The first look only begins the count: what is out then may have been sent a moment ago.
    if (out < fewest) quietLooks = 0;
    else quietLooks = heard ? 1 : quietLooks + 1;
    heard = false;
    if (quietLooks > LOOKS) {
      quietLooks = 0;
      onSilent();
    } else if (out > 0) arm();
  }

  return {
    sent: arm,
    heard() {
      heard = true;
    },
    [Symbol.dispose]() {
      clearTimeout(timer);
    },
  };
}
