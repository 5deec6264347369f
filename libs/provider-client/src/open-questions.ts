import type { PendingQuery } from './pending-query.js';
import type { ClaimQuery } from './types.js';

/** The questions that are being asked, so that the same one on the same basis is not asked twice at once. Bounded by what is pending. */
export interface OpenQuestions {
  /** The pending query that asks the same, for somebody who waits until `expires` (milliseconds); undefined when a new one is needed. */
  find(question: Question, expires: number, now: number): PendingQuery | undefined;
  /** A query is asked from now on. */
  add(question: Question, pending: PendingQuery): void;
  /** A query is over. */
  delete(question: Question, pending: PendingQuery): void;
}

/** All that makes a question, time and trace aside. It has persons in it: it is kept while the query is pending, and goes nowhere else. */
export type Question = string;

/** No questions yet. */
export function createOpenQuestions(): OpenQuestions {
  const open = new Map<string, PendingQuery>();
  return {
    find(question, expires, now) {
      const pending = open.get(question);
      return pending && !pending.settled && pending.servesUntil(expires, now) ? pending : undefined;
    },
    add(question, pending) {
      open.set(question, pending);
    },
    delete(question, pending) {
      // A later query may have taken the place of one that was sent with too short a time.
      if (open.get(question) === pending) open.delete(question);
    },
  };
}

/** The question of a query. */
export function toQuestion(query: ClaimQuery): Question {
  const { claimType, claimVersion, parametersJson, platform, purpose, region, actorRef, basisRef, persons } = query;
  const texts: unknown[] = [basisRef, claimType, claimVersion, parametersJson, platform, purpose, region, actorRef];
  for (const role of Object.keys(persons).sort()) texts.push(role, persons[role]?.idNumber, persons[role]?.name);
  return JSON.stringify(texts);
}
