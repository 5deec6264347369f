import type { Answer } from '../answer.js';
import type { PlannedRow } from '../batch.js';
import type { Entry } from '../history.js';
import type { About } from './promise.js';

/** What a client was told of one verification: an answer, that it was refused, or that it is gone. */
export interface Shown {
  readonly verification: string;
  readonly answer?: Answer;
  /** Of a refusal. */
  readonly code?: string;
  readonly consent?: string;
  readonly family?: number;
  readonly about: About;
}

/** Rows of the batches that were acknowledged, by the batch's id. */
export function plansOf(history: readonly Entry[]): Map<string, readonly PlannedRow[]> {
  const sent = new Map<number, readonly PlannedRow[]>();
  const plans = new Map<string, readonly PlannedRow[]>();
  for (const { operation, phase, call, rows, batch } of history) {
    if (operation !== 'submit-batch') continue;
    if (rows) sent.set(call, rows);
    const planned = sent.get(call);
    if (phase === 'answered' && batch !== undefined && planned) plans.set(batch, planned);
  }
  return plans;
}

const ONE_BY_ONE = ['verify', 'read-verification', 'watch-verification'];
const GONE = 'verification_gone';

/** All that a line of a history tells of verifications, asked one by one or as rows of a batch. */
export function* shownIn(entry: Entry, plans: ReadonlyMap<string, readonly PlannedRow[]>): Generator<Shown, void> {
  const { phase, operation, verification, answer, code, consent, family, key, batch, results = [] } = entry;
  const base = { ...(consent && { consent }), ...(key && { key }) };
  if (verification !== undefined && ONE_BY_ONE.includes(operation)) {
    const common = { verification, ...(family !== undefined && { family }), ...(consent && { consent }), about: { verification, ...base } };
    if (phase === 'answered' && answer) yield { ...common, answer };
    else if (phase === 'refused' && code !== undefined && (operation === 'verify' || code === GONE)) yield { ...common, code };
  }
  for (const { row, verificationId, verification: found, code: why } of results) {
    if (verificationId === undefined) continue;
    const plan = plans.get(batch ?? '')?.[row - 1];
    yield {
      verification: verificationId,
      ...(found ? { answer: found } : { code: why ?? '' }),
      ...(plan && { family: plan.family, ...(plan.consent && { consent: plan.consent }) }),
      about: { verification: verificationId, ...(batch && { batch }), ...(plan?.consent && { consent: plan.consent }) },
    };
  }
}
