import { type Answer, type Query, type Scalar, Outcome as WireOutcome } from '@vouch/proto/evidence/v1/evidence';
import { type CheckResult, type Discloses, type DisclosureKind, type Fault, type Finding, fault, type Outcome } from './finding.js';

const OUTCOMES: Readonly<Record<Outcome, WireOutcome>> = {
  confirmed: WireOutcome.CONFIRMED,
  refuted: WireOutcome.REFUTED,
  not_found: WireOutcome.NOT_FOUND,
  ambiguous: WireOutcome.AMBIGUOUS,
};
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const CODE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const FAULT_CODE = /^[a-z][a-z0-9_]{0,63}$/;

/** Told of what an adapter wanted to disclose and may not. */
export type OnDropped = (name: string) => void;

/** Whether a value is a result at all: adapters need not be written in TypeScript. */
export function isResult(value: unknown): value is CheckResult {
  if (typeof value !== 'object' || value === null) return false;
  if ('fault' in value) {
    const { fault } = value as Fault;
    return typeof fault === 'object' && fault !== null && FAULT_CODE.test(fault.code) && typeof fault.retryable === 'boolean';
  }
  return 'outcome' in value && Object.hasOwn(OUTCOMES, value.outcome as string);
}

/** A result as it travels. Disclosures that are not declared, or not of the declared kind, are dropped and told of. */
export function toAnswer(queryId: string, result: CheckResult, discloses: Discloses, onDropped: OnDropped): Answer {
  if ('fault' in result) {
    const { code, retryable, retryAfterMs = 0 } = result.fault;
    return {
      queryId,
      result: {
        $case: 'fault',
        value: { code, retryable, retryAfterMs: Math.max(0, Math.ceil(retryAfterMs)) },
      },
    };
  }
  return {
    queryId,
    result: {
      $case: 'finding',
      value: {
        outcome: OUTCOMES[result.outcome],
        asOf: result.asOf !== undefined && DAY.test(result.asOf) ? result.asOf : '',
        disclosures: toScalars(result, discloses, onDropped),
      },
    },
  };
}

/** The answer as it may be sent at an instant: a finding that waited past its query's lease becomes the fault `lease_ended`. */
export function withinLease(answer: Answer, query: Query, at: number): Answer {
  if (answer.result?.$case !== 'finding' || at <= (query.leaseEnd?.getTime() ?? 0)) return answer;
  return toAnswer(answer.queryId, fault('lease_ended'), {}, () => {});
}

function toScalars(finding: Finding, discloses: Discloses, onDropped: OnDropped): Record<string, Scalar> {
  const scalars: Record<string, Scalar> = {};
  // A person who is not found, or not surely, has nothing to disclose: that is what makes the two kinds of not_found alike.
  if (finding.outcome === 'not_found' || finding.outcome === 'ambiguous') return scalars;
  for (const [name, value] of Object.entries(finding.disclosures ?? {})) {
    if (value === undefined) continue;
    const kind = Object.hasOwn(discloses, name) ? discloses[name] : undefined;
    const scalar = kind && toScalar(kind, value);
    if (scalar) scalars[name] = scalar;
    else onDropped(name);
  }
  return scalars;
}

function toScalar(kind: DisclosureKind, value: unknown): Scalar | undefined {
  if (kind === 'integer') return Number.isSafeInteger(value) ? { kind: { $case: 'integer', value: BigInt(value as number) } } : undefined;
  if (kind === 'boolean') return typeof value === 'boolean' ? { kind: { $case: 'boolean', value } } : undefined;
  if (typeof value !== 'string') return undefined;
  if (kind === 'date') return DAY.test(value) ? { kind: { $case: 'date', value } } : undefined;
  return CODE.test(value) ? { kind: { $case: 'code', value } } : undefined;
}
