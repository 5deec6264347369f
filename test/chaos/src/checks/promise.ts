import type { Evidence } from '../evidence/evidence.js';

/** What a violation is about: enough to find its lines in a history and its records on the topics. */
export interface About {
  readonly consent?: string;
  readonly verification?: string;
  /** Idempotency key. */
  readonly key?: string;
  readonly batch?: string;
  /** Key on a topic. */
  readonly eventKey?: string;
}

/** One thing that was promised and not kept. */
export interface Violation {
  readonly text: string;
  readonly about: About;
}

/** What a check found. */
export interface Found {
  /** How many times the promise could have been broken. */
  readonly checked: number;
  readonly violations: readonly Violation[];
}

/** A promise and how it is checked: a function of the evidence and of nothing else. */
export interface Promised {
  readonly name: string;
  readonly check: (evidence: Evidence) => Found;
}

/** Collects what one check finds. */
export function createFindings() {
  const violations = new Map<string, Violation>();
  let checked = 0;
  return {
    /** Counts one more thing that was looked at; false adds the violation. */
    expect(holds: boolean, text: () => string, about: About): void {
      checked += 1;
      if (holds) return;
      const violation = { text: text(), about };
      violations.set(violation.text, violation);
    },
    get found(): Found {
      return { checked, violations: [...violations.values()] };
    },
  };
}
