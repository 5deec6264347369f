/** What came of an access. */
export type Result = 'under_way' | 'answered' | 'refused' | 'answer_unknown';

/** Time allowed after a lease's end for the record of an answer to arrive, before it counts as missing. Seconds. */
export const ANSWER_GRACE_S = 30;

/** What is known about an access. */
export interface Known {
  readonly answered: boolean;
  readonly refused: boolean;
  /** The lease ended longer ago than the grace; false when there was no lease. By the database's clock. */
  readonly overdue: boolean;
}

/** What came of an access. An answer outranks everything, however late it is known: something was disclosed. */
export function resultOf({ answered, refused, overdue }: Known): Result {
  if (answered) return 'answered';
  if (refused) return 'refused';
  return overdue ? 'answer_unknown' : 'under_way';
}
