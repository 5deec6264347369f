/** An answer as the API gives it; what it holds is compared, never understood. */
export interface Answer {
  readonly id: string;
  readonly status: string;
  readonly verdict?: string;
  readonly claims: readonly AnsweredClaim[];
  readonly [field: string]: unknown;
}

/** An answer as it was committed: its explanation is worked out at each reading, in the reader's language. */
export function toCommitted(body: unknown): Answer {
  const { explanation: _told, ...answer } = body as Answer;
  return answer as Answer;
}

/** One claim of an answer. */
export interface AnsweredClaim {
  readonly type: string;
  readonly subject: string;
  readonly outcome: string;
  readonly [field: string]: unknown;
}

/** Key of a claim in what is known to be right. */
export const claimKey = ({ type, subject }: Pick<AnsweredClaim, 'type' | 'subject'>): string => `${type} of ${subject}`;
