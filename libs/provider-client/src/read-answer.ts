import { type Answer, type Fault, type Finding, Outcome, type Scalar } from '@vouch/proto/evidence/v1/evidence';
import type { ClaimAnswer, ClaimFinding, ExpectedClaimType } from './types.js';

type Declared = ExpectedClaimType['disclosures'];

/** Why an answer cannot be used; names no value. */
type Malformation =
  | 'result_missing'
  | 'outcome_unknown'
  | 'as_of_invalid'
  | 'disclosure_undeclared'
  | 'disclosure_kind_wrong'
  | 'disclosure_of_nobody'
  | 'fault_code_invalid';

/** An answer as the hub may use it, or why it may not. */
export type AnswerReading =
  | { readonly ok: true; readonly answer: ClaimAnswer }
  | { readonly ok: false; readonly malformation: Malformation };

const OUTCOMES: Readonly<Partial<Record<Outcome, ClaimFinding['outcome']>>> = {
  [Outcome.CONFIRMED]: 'confirmed',
  [Outcome.REFUTED]: 'refuted',
  [Outcome.NOT_FOUND]: 'not_found',
  [Outcome.AMBIGUOUS]: 'ambiguous',
};
const DAY = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/;
// Free text, names and anything with as many digits as a document number is no code.
const DISCLOSED_CODE = /^(?!.*\d{7})[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const FAULT_CODE = /^(?!.*\d{7})[a-z][a-z0-9_]{0,63}$/;

/** Reads what a provider sent; `declared` is what the claim type may disclose. Whatever is not exactly as declared is refused whole. */
export function readAnswer(answer: Answer, declared: Declared): AnswerReading {
  switch (answer.result?.$case) {
    case 'finding':
      return readFinding(answer.result.value, declared);
    case 'fault':
      return readFault(answer.result.value);
    default:
      return refuse('result_missing');
  }
}

function readFinding(finding: Finding, declared: Declared): AnswerReading {
  const outcome = OUTCOMES[finding.outcome];
  if (outcome === undefined) return refuse('outcome_unknown');
  if (finding.asOf !== '' && !DAY.test(finding.asOf)) return refuse('as_of_invalid');
  const disclosures: Record<string, string | number | boolean> = {};
  for (const [name, scalar] of Object.entries(finding.disclosures)) {
    // An unknown ID and a name that doesn't match must look alike.
    if (outcome === 'not_found') return refuse('disclosure_of_nobody');
    if (!Object.hasOwn(declared, name)) return refuse('disclosure_undeclared');
    const value = readScalar(scalar, declared[name]);
    if (value === undefined) return refuse('disclosure_kind_wrong');
    disclosures[name] = value;
  }
  return { ok: true, answer: { kind: 'finding', outcome, asOf: finding.asOf || undefined, disclosures } };
}

function readScalar({ kind }: Scalar, declared: Declared[string] | undefined): string | number | boolean | undefined {
  if (kind === undefined || kind.$case !== declared) return undefined;
  switch (kind.$case) {
    case 'integer': {
      const value = Number(kind.value);
      return Number.isSafeInteger(value) ? value : undefined;
    }
    case 'boolean':
      return kind.value;
    case 'date':
      return DAY.test(kind.value) ? kind.value : undefined;
    case 'code':
      return DISCLOSED_CODE.test(kind.value) ? kind.value : undefined;
  }
}

function readFault({ code, retryable, retryAfterMs }: Fault): AnswerReading {
  if (!FAULT_CODE.test(code)) return refuse('fault_code_invalid');
  return { ok: true, answer: { kind: 'fault', code, retryable, retryAfterMs: retryAfterMs || undefined } };
}

const refuse = (malformation: Malformation): AnswerReading => ({ ok: false, malformation });
