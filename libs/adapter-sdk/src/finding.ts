import { FAULT_CODES } from './faults.js';

/** How a disclosed value is typed on the wire. Free text is not among them on purpose. */
export type DisclosureKind = 'integer' | 'boolean' | 'date' | 'code';

/** Disclosures that a claim type declares, by name. */
export type Discloses = Readonly<Record<string, DisclosureKind>>;

type ValueOf<Kind> = Kind extends 'integer' ? number : Kind extends 'boolean' ? boolean : string;

/** Values that an answer may disclose: only declared names, each of its kind. */
type DisclosuresOf<D> = {
  readonly [Name in keyof D]?: ValueOf<D[Name]>;
};

/** A claim's truth by the agency's records. */
export type Outcome = 'confirmed' | 'refuted' | 'not_found' | 'ambiguous';

/** What the records say. */
export interface Finding<D = Discloses> {
  readonly outcome: Outcome;
  /** Day to which the records are complete, `YYYY-MM-DD`, Asia/Shanghai. */
  readonly asOf?: string;
  readonly disclosures?: DisclosuresOf<D>;
}

/** Why the records could not be asked. */
export interface Fault {
  readonly fault: {
    /** Stable code: one of {@link FAULT_CODES}, or the adapter's own in the same spelling. */
    readonly code: string;
    /** Whether the same query may succeed later. */
    readonly retryable: boolean;
    /** Earliest useful retry, milliseconds. */
    readonly retryAfterMs?: number;
  };
}

/** What a check says of one query. */
export type CheckResult<D = Discloses> = Finding<D> | Fault;

/** The fault of a code, retryable as the code says; an unlisted code is taken as retryable. */
export function fault(code: string, options: { retryable?: boolean; retryAfterMs?: number } = {}): Fault {
  const known: boolean | undefined = Object.hasOwn(FAULT_CODES, code) ? FAULT_CODES[code as keyof typeof FAULT_CODES] : undefined;
  return {
    fault: { code, retryable: options.retryable ?? known ?? true, retryAfterMs: options.retryAfterMs },
  };
}
