import type { KnownOutcome } from './truth.js';

/** What is known of a claim, as far as rules look at it; undefined: not asked. */
export type Finding =
  | {
      readonly outcome: KnownOutcome;
      readonly disclosures?: Readonly<Record<string, string | number | boolean>> | undefined;
    }
  | undefined;
