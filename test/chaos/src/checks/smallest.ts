import type { Evidence } from '../evidence/evidence.js';
import type { Entry } from '../history.js';
import type { About, Promised, Violation } from './promise.js';

/** A history that shows a violation: all lines about the keys concerned, and those of them that it takes. */
export interface Shown {
  readonly entries: readonly Entry[];
  readonly needed: ReadonlySet<number>;
}

/** Picks the lines of a history that a violation is about, and finds the fewest of them that still show it. */
export function toSmallest(promised: Promised, violation: Violation, evidence: Evidence): Shown {
  const entries = linesAbout(violation.about, evidence.history);
  const shows = (history: readonly Entry[]) =>
    promised.check({ ...evidence, history }).violations.some(({ text }) => text === violation.text);
  if (!shows(entries)) return { entries, needed: new Set() };
  let fewest = entries;
  for (const entry of entries) {
    const without = fewest.filter((other) => other !== entry);
    if (shows(without)) fewest = without;
  }
  return { entries, needed: new Set(fewest.map(({ n }) => n)) };
}

/** All calls that touch a verification, a consent or a key, from sending to what came of them. */
function linesAbout(about: About, history: readonly Entry[]): Entry[] {
  const eventId = about.eventKey?.replace(/^[cl]:/, '');
  const ids = new Set([about.consent, about.verification, about.key, about.batch, eventId].filter((id) => id !== undefined));
  const named = (id: string | undefined) => id !== undefined && ids.has(id);
  const touches = ({ consent, verification, key, seen, batch, rows = [], results = [] }: Entry) =>
    [verification, key, seen?.id, batch].some(named) ||
    results.some(({ verificationId }) => named(verificationId)) ||
    (about.verification === undefined && about.batch === undefined && rows.some((row) => named(row.consent))) ||
    // A consent has many calls; they matter when the violation is about it, not when it is about one verification.
    (about.verification === undefined && consent !== undefined && ids.has(consent)) ||
    (consent !== undefined && consent === about.consent && seen !== undefined);
  const calls = new Set(history.filter(touches).map(({ call }) => call));
  return history.filter(({ call }) => calls.has(call));
}
