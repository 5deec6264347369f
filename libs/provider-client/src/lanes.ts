import type { PendingQuery } from './pending-query.js';
import type { Priority } from './types.js';

/** What waits to be sent, in two lanes: people before batches. */
export interface Lanes extends Iterable<PendingQuery> {
  readonly size: number;
  /** How many of one lane wait. */
  sizeOf(priority: Priority): number;
  add(pending: PendingQuery): void;
  delete(pending: PendingQuery): void;
  /** Whose turn is next: the oldest of the people, of the batches when none of them waits, or when it is the batches' turn. */
  next(): Turn | undefined;
}

/** A query that may go next. It stays in its lane until it is deleted. */
export interface Turn {
  readonly pending: PendingQuery;
  /** Batches were passed over long enough: this one has a person's rights. */
  readonly due: boolean;
}

/** After so many people in a row, one query of a batch that waits goes before the next: a crowd that never ends starves no batch. */
export const PEOPLE_BEFORE_ONE_BATCH = 19;

/** Empty lanes. The client bounds what it adds. */
export function createLanes(): Lanes {
  const people = new Set<PendingQuery>();
  const batches = new Set<PendingQuery>();
  // People sent while a batch waited.
  let passedOver = 0;

  const laneOf = (priority: Priority): Set<PendingQuery> => (priority === 'batch' ? batches : people);
  const firstOf = (lane: Set<PendingQuery>): PendingQuery | undefined => lane.values().next().value;

  return {
    get size() {
      return people.size + batches.size;
    },
    sizeOf: (priority) => laneOf(priority).size,
    add(pending) {
      laneOf(pending.priority).add(pending);
    },
    delete(pending) {
      if (people.delete(pending)) {
        // One that gave up was not preferred to anybody, but to count it too does no harm.
        if (batches.size > 0) passedOver += 1;
      } else if (batches.delete(pending)) passedOver = 0;
    },
    next() {
      const person = firstOf(people);
      const row = firstOf(batches);
      const due = row !== undefined && passedOver >= PEOPLE_BEFORE_ONE_BATCH;
      const pending = due ? row : (person ?? row);
      return pending && { pending, due };
    },
    *[Symbol.iterator]() {
      yield* people;
      yield* batches;
    },
  };
}
