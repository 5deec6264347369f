import type { Answer } from '@vouch/proto/evidence/v1/evidence';
import type { Fault } from './finding.js';

/** What a mock does to one query, on purpose. Real providers have no interception. */
export interface Interception {
  /** Milliseconds before the check is asked, or before the fault. */
  readonly delayMs: number;
  /** Answered in place of the check. */
  readonly fault?: Fault;
  /** Accepted and never answered. */
  readonly hang?: true;
  /** Spoils the answer's shape. */
  readonly distort?: (answer: Answer) => Answer;
}

/** Decides for each query what happens to it; undefined: nothing special. */
export type Intercept = () => Interception | undefined;
