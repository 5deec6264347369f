import type { Text } from '@vouch/rules';
import type { Code } from './codes.js';

/** How bad a finding is: an `error` must not be published, a `warning` wants a decision, a `note` wants to be known. */
export type Severity = 'error' | 'warning' | 'note';

/** Where something stands. */
export interface Place {
  /** Path inside the catalogue's folder, with `/`. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

/** What an official should look at. */
export interface Finding extends Place {
  readonly code: Code;
  readonly severity: Severity;
  readonly message: Text;
  readonly remedy: Text;
}

/** A finding that a check tells of; its severity and remedy are its code's. */
export interface Told {
  readonly code: Code;
  /** An object of the catalogue, as it was read. */
  readonly at: object;
  /** Its field. */
  readonly key?: PropertyKey | undefined;
  readonly message: Text;
  /** What is being done about it, when somebody said so: it is no more than a note then. */
  readonly known?: Text | undefined;
}
