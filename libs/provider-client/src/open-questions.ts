import type { PendingQuery } from './pending-query.js';
import type { ClaimQuery } from './types.js';

/** The questions that are being asked, so that the same one on the same basis is not asked twice at once. Bounded by what is pending. */
export interface OpenQuestions {
  /** The pending query that asks the same, for somebody who waits until `expires` (milliseconds); undefined when a new one is needed. */
  find(query: ClaimQuery, expires: number, now: number): PendingQuery | undefined;
  /** A query is asked from now on. */
  add(pending: PendingQuery): void;
  /** A query is over. */
  delete(pending: PendingQuery): void;
}

/** No questions yet. */
export function createOpenQuestions(): OpenQuestions {
  const open = new Map<string, PendingQuery>();
  const keys = new WeakMap<PendingQuery, string>();
  return {
    find(query, expires, now) {
      const pending = open.get(toKey(query));
      return pending && !pending.settled && pending.servesUntil(expires, now) ? pending : undefined;
    },
    add(pending) {
      const key = toKey(pending.query);
      keys.set(pending, key);
      open.set(key, pending);
    },
    delete(pending) {
      const key = keys.get(pending);
      // A later query may have taken the place of one that was sent with too short a time.
      if (key !== undefined && open.get(key) === pending) open.delete(key);
    },
  };
}

/** All that makes a question, time and trace aside. It has persons in it: it never leaves the map. */
function toKey(query: ClaimQuery): string {
  const { claimType, claimVersion, parametersJson, platform, purpose, region, actorRef, basisRef, persons } = query;
  const people = Object.keys(persons)
    .sort()
    .map((role) => [role, persons[role]?.idNumber, persons[role]?.name]);
  return JSON.stringify([basisRef, claimType, claimVersion, parametersJson, platform, purpose, region, actorRef, people]);
}
