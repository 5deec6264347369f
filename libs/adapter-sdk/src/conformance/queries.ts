import { type Answer, IdType, type Query, Outcome as WireOutcome } from '@vouch/proto/evidence/v1/evidence';
import type { Adapter, Person } from '../adapter.js';
import type { Outcome } from '../finding.js';

/** A claim whose answer is known. */
export interface ConformanceCase {
  /** Name without the agency: `household-registered`. */
  readonly claimType: string;
  readonly parameters: object;
  /** `subject`, and the roles that the claim type involves. */
  readonly persons: Readonly<Record<string, Person>>;
  readonly outcome: Outcome;
  /** All that is disclosed; not looked at when left out. */
  readonly disclosures?: Readonly<Record<string, string | number | boolean>>;
}

const OUTCOMES: Readonly<Record<number, Outcome>> = {
  [WireOutcome.CONFIRMED]: 'confirmed',
  [WireOutcome.REFUTED]: 'refuted',
  [WireOutcome.NOT_FOUND]: 'not_found',
  [WireOutcome.AMBIGUOUS]: 'ambiguous',
};

let lastId = 0;

/** A query that asks a case, with time and lease enough. */
export function toQuery(adapter: Adapter, asked: ConformanceCase, over: Partial<Query> = {}): Query {
  lastId += 1;
  return {
    id: `query-${lastId}`,
    claimType: `${adapter.agency}.${asked.claimType}`,
    claimVersion: adapter.claimTypes[asked.claimType]?.version ?? 1,
    parametersJson: JSON.stringify(asked.parameters),
    persons: Object.fromEntries(Object.entries(asked.persons).map(([role, person]) => [role, { idType: IdType.GB11643, ...person }])),
    platform: 'conformance',
    purpose: 'school-enrolment',
    actorRef: 'actor',
    basisRef: 'basis',
    remainingMs: 30_000,
    leaseEnd: new Date(Date.now() + 60_000),
    traceparent: '',
    region: '370102',
    ...over,
  };
}

/** An answer in the words of a case: the outcome, or `fault <code>`. */
export function outcomeOf(answer: Answer | undefined): string {
  if (answer?.result?.$case === 'finding') return OUTCOMES[answer.result.value.outcome] ?? `unknown outcome ${answer.result.value.outcome}`;
  if (answer?.result?.$case === 'fault') return `fault ${answer.result.value.code}`;
  return 'no answer';
}

/** What an answer discloses, by name. */
export function disclosuresOf(answer: Answer | undefined): Record<string, string | number | boolean> {
  if (answer?.result?.$case !== 'finding') return {};
  return Object.fromEntries(
    Object.entries(answer.result.value.disclosures).map(([name, scalar]) => {
      const value = scalar.kind?.value ?? '';
      return [name, typeof value === 'bigint' ? Number(value) : value];
    }),
  );
}

/** The answer to a query among others. */
export const answerTo = (answers: readonly Answer[], query: Query): Answer | undefined =>
  answers.find((answer) => answer.queryId === query.id);
