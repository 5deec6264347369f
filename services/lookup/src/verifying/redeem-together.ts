import { createBatcher } from '@vouch/batching';
import { fromUnknown, isErrorCode, RetryableError, toVouchError } from '@vouch/errors';
import type { RedeemFault, RedeemRequest, RedeemResponse, RedeemResult, RedemptionServiceService } from '@vouch/proto/consent/v1/consent';
import type { Port } from '@vouch/rpc';
import { type TraceContext, type Tracer, toTraceparent } from '@vouch/telemetry';
import { NEVER } from './never.js';

/** Redeems, before a deadline and in a trace; rejects as the call of one redemption would. */
export type Redeem = (
  request: Omit<RedeemRequest, 'traceparent'>,
  call: { readonly deadline: Date; readonly trace?: TraceContext },
) => Promise<RedeemResponse['result']>;

interface Waiting {
  readonly request: RedeemRequest;
  readonly deadline: Date;
  readonly trace: TraceContext;
}

const MOST_IN_ONE_CALL = 64;
const MOST_WAITING = 4_096;
// One call is being committed while the next arrives; more would only make them smaller.
const MOST_CALLS = 2;
// Behind a call that an instance does not answer, others go to the next instance.
const SLOT_MS = 500;
const MOST_LINKS = 64;
const LATE: RedeemResult = { result: { $case: 'fault', value: { code: 'deadline_exceeded', retryAfterMs: 0 } } };

/**
 * Lets concurrent lookups share calls of the consent service, as their queries share the agencies' batches: what waits leaves as soon as the
 * call before is done, and a lone lookup at once. Each lookup has a span of its own in its trace; the call is a trace of its own, linked.
 */
export function redeemTogether(port: Pick<Port<RedemptionServiceService>, 'redeemMany'>, tracer: Tracer): Redeem {
  const batcher = createBatcher({ flush, maxBatch: MOST_IN_ONE_CALL, maxQueue: MOST_WAITING, concurrency: MOST_CALLS, slotMs: SLOT_MS });

  async function flush(items: readonly Waiting[]) {
    const links = items.flatMap(({ trace }) => (trace.sampled ? [trace] : [])).slice(0, MOST_LINKS);
    const attributes = { 'vouch.redemptions': items.length };
    const span = links.length > 0 ? tracer.startSpan('redemption batch', { links, attributes }) : undefined;
    const deadline = new Date(Math.max(...items.map((item) => item.deadline.getTime())));
    try {
      // For those whose time was over before their turn nobody waits any more: they must not use up a consent.
      const open = items.filter((item) => item.deadline.getTime() > Date.now());
      if (open.length === 0) return items.map(() => LATE);
      const requests = open.map(({ request }) => request);
      const { results } = await port.redeemMany({ requests }, { signal: NEVER, deadline, trace: span?.context });
      if (results.length !== open.length) throw new Error('the consent service did not answer each redemption');
      const resultOf = new Map(open.map((item, index) => [item, results[index] as RedeemResult]));
      return items.map((item) => resultOf.get(item) ?? LATE);
    } finally {
      span?.end();
    }
  }

  return async (request, { deadline, trace: parent }) => {
    const span = tracer.startSpan('redeem', { parent });
    const trace = span.context;
    try {
      const { result } = await before(
        deadline,
        batcher.add({ request: { ...request, traceparent: toTraceparent(trace) }, deadline, trace }),
      );
      if (result?.$case === 'fault') throw toFailure(result.value);
      return result;
    } catch (failure) {
      span.fail(fromUnknown(failure).code);
      throw failure;
    } finally {
      span.end();
    }
  };
}

const toFailure = ({ code, retryAfterMs }: RedeemFault) =>
  toVouchError(isErrorCode(code) ? code : 'internal', retryAfterMs > 0 ? { retryAfterMs } : {});

/** The call has the longest of its deadlines; each lookup waits until its own. */
function before<T>(deadline: Date, answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = (): void => reject(new RetryableError('deadline_exceeded'));
    const timer = setTimeout(late, deadline.getTime() - Date.now());
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
