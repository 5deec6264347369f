import { IdType, type Person, type Query } from '@vouch/proto/evidence/v1/evidence';
import { type Span, toTraceparent } from '@vouch/telemetry';
import { type ProviderFault, toFault } from './faults.js';
import type { CheckCall, ClaimAnswer, ClaimQuery } from './types.js';

const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Where a query is: in the queue or in a session. */
export interface Holder {
  /** Nobody waits for the query any more. */
  dropped(pending: PendingQuery): void;
  /** Why the query is still here when its deadline passes; `agency_timeout` unless said. */
  readonly lateCode?: ProviderFault;
}

/** A query that somebody waits for. Settles once: with an answer, or by itself when its time is over or its caller gives up. */
export class PendingQuery {
  readonly answer: Promise<ClaimAnswer>;
  /** Instant, milliseconds, by which it settles. */
  readonly expires: number;
  /** Times that it was sent. */
  attempts = 0;
  /** When it was last sent, milliseconds. */
  sentAt: number | undefined;
  /** Who to tell when nobody waits any more. */
  holder: Holder | undefined;
  #resolve: ((answer: ClaimAnswer) => void) | undefined;
  readonly #timer: NodeJS.Timeout;
  readonly #onAbort: () => void;

  constructor(
    readonly query: ClaimQuery,
    readonly span: Span,
    private readonly call: CheckCall,
    now: number,
  ) {
    const leaseEnd = query.leaseEnd.getTime();
    const deadline = call.deadline.getTime();
    this.expires = Math.min(leaseEnd, deadline);
    this.answer = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    this.#timer = setTimeout(
      () => this.#give(leaseEnd <= deadline ? 'lease_ended' : (this.holder?.lateCode ?? 'agency_timeout')),
      Math.min(this.expires - now, LONGEST_TIMER_MS),
    );
    this.#onAbort = () => this.#give(isTimeout(call.signal.reason) ? 'agency_timeout' : 'cancelled');
    call.signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  get settled(): boolean {
    return this.#resolve === undefined;
  }

  /** Ends the wait; later calls do nothing. */
  settle(answer: ClaimAnswer): void {
    const resolve = this.#resolve;
    if (!resolve) return;
    this.#resolve = undefined;
    this.holder = undefined;
    clearTimeout(this.#timer);
    this.call.signal.removeEventListener('abort', this.#onAbort);
    if (answer.kind === 'finding') this.span.set({ 'vouch.outcome': answer.outcome });
    else this.span.fail(answer.code);
    this.span.end();
    resolve(answer);
  }

  #give(code: ProviderFault): void {
    const holder = this.holder;
    this.settle(toFault(code));
    holder?.dropped(this);
  }

  /** The message for one attempt. */
  toQuery(id: string, now: number): Query {
    const { query } = this;
    return {
      id,
      claimType: query.claimType,
      claimVersion: query.claimVersion,
      parametersJson: query.parametersJson,
      persons: toPersons(query.persons),
      platform: query.platform,
      purpose: query.purpose,
      actorRef: query.actorRef,
      basisRef: query.basisRef,
      remainingMs: Math.max(0, Math.min(Math.floor(this.expires - now), LONGEST_TIMER_MS)),
      leaseEnd: query.leaseEnd,
      traceparent: toTraceparent(this.span.context),
      region: query.region,
    };
  }
}

function toPersons(persons: ClaimQuery['persons']): Record<string, Person> {
  const messages: Record<string, Person> = {};
  for (const role in persons) {
    const person = persons[role];
    if (person) messages[role] = { idType: IdType.GB11643, idNumber: person.idNumber, name: person.name };
  }
  return messages;
}

const isTimeout = (reason: unknown): boolean => reason instanceof DOMException && reason.name === 'TimeoutError';
