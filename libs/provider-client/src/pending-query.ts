import { IdType, type Person, type Query } from '@vouch/proto/evidence/v1/evidence';
import { whenAborted } from '@vouch/rpc';
import { type Span, toTraceparent } from '@vouch/telemetry';
import { type ProviderFault, toFault } from './faults.js';
import type { CheckCall, ClaimAnswer, ClaimQuery, Priority } from './types.js';

const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Where a query is: in the queue or in a session. */
export interface Holder {
  /** Nobody waits for the query any more. */
  dropped(pending: PendingQuery): void;
  /** Why the query is still here when its deadline passes; `agency_timeout` unless said. */
  lateCode?(pending: PendingQuery): ProviderFault;
}

/** One who waits for an answer, with an end, a lease and a span of their own. */
interface Waiter {
  readonly span: Span;
  /** Milliseconds. */
  readonly expires: number;
  readonly leaseEnd: number;
  settle(answer: ClaimAnswer): void;
}

/**
 * A query that is asked once, whoever waits for it: one or several who asked the same on the same basis at the same time. Each waits until
 * there is an answer, their own time is over, or they give up; the query is dropped when the last one has left.
 */
export class PendingQuery {
  /** Times that it was sent. */
  attempts = 0;
  /** When it was last sent, milliseconds. */
  sentAt: number | undefined;
  /** Who to tell when nobody waits any more. */
  holder: Holder | undefined;
  /** Until when the agency was told that somebody waits, milliseconds. */
  #sentUntil = Number.POSITIVE_INFINITY;
  readonly #waiters = new Set<Waiter>();

  /**
   * @param span the first waiter's: the agency's part of the trace is under it
   * @param queuedAt milliseconds
   */
  constructor(
    readonly query: ClaimQuery,
    readonly span: Span,
    public priority: Priority,
    readonly queuedAt: number,
    private readonly whenOver: (pending: PendingQuery) => void = () => {},
  ) {}

  /** It waits to be sent, for the first time or again. */
  queued(holder: Holder): void {
    this.holder = holder;
    this.#sentUntil = Number.POSITIVE_INFINITY;
  }

  /** Whether nobody waits any more. */
  get settled(): boolean {
    return this.#waiters.size === 0;
  }

  get waiters(): number {
    return this.#waiters.size;
  }

  /** Instant, milliseconds, from which on nobody waits. */
  get expires(): number {
    let latest = 0;
    for (const { expires } of this.#waiters) latest = Math.max(latest, expires);
    return latest;
  }

  /** End of the longest lease of those who wait, milliseconds. */
  get leaseEnd(): number {
    let latest = 0;
    for (const { leaseEnd } of this.#waiters) latest = Math.max(latest, leaseEnd);
    return latest;
  }

  /** Whether the agency was given enough time for someone who waits until then: half of what they have will do. */
  servesUntil(expires: number, now: number): boolean {
    return this.#sentUntil >= now + (expires - now) / 2;
  }

  /** One more waits, until the call's deadline, the lease's end or the signal's abort. */
  wait(span: Span, call: CheckCall, lease: Date, now: number): Promise<ClaimAnswer> {
    return new Promise((resolve) => {
      const leaseEnd = lease.getTime();
      const deadline = call.deadline.getTime();
      const expires = Math.min(leaseEnd, deadline);
      const waiter: Waiter = {
        span,
        expires,
        leaseEnd,
        settle: (answer) => {
          this.#waiters.delete(waiter);
          clearTimeout(timer);
          unwatch();
          if (answer.kind === 'finding') span.set({ 'vouch.outcome': answer.outcome });
          else span.fail(answer.code);
          span.end();
          resolve(answer);
        },
      };
      const late = (): ProviderFault => (leaseEnd <= deadline ? 'lease_ended' : (this.holder?.lateCode?.(this) ?? 'agency_timeout'));
      const timer = setTimeout(() => this.#leave(waiter, late()), Math.min(expires - now, LONGEST_TIMER_MS));
      const onAbort = (): void => this.#leave(waiter, isTimeout(call.signal.reason) ? 'agency_timeout' : 'cancelled');
      const unwatch = whenAborted(call.signal, onAbort);
      this.#waiters.add(waiter);
    });
  }

  /** Ends the wait of all; later calls do nothing. */
  settle(answer: ClaimAnswer): void {
    this.holder = undefined;
    if (this.settled) return;
    for (const waiter of [...this.#waiters]) waiter.settle(answer);
    this.whenOver(this);
  }

  /** Ends the wait of all with what the agency said; it is not for those whose lease has ended by `now`. */
  answer(answer: ClaimAnswer, now: number): void {
    for (const waiter of [...this.#waiters]) if (waiter.leaseEnd <= now) waiter.settle(toFault('lease_ended'));
    if (this.settled) this.whenOver(this);
    this.settle(answer);
  }

  /** Notes something in the traces of all who wait. */
  note(event: string): void {
    for (const { span } of this.#waiters) span.event(event);
  }

  #leave(waiter: Waiter, code: ProviderFault): void {
    waiter.settle(toFault(code));
    if (!this.settled) return;
    const { holder } = this;
    this.holder = undefined;
    this.whenOver(this);
    holder?.dropped(this);
  }

  /** The message for one attempt, which begins with it. */
  send(id: string, holder: Holder, now: number): Query {
    const { query, expires } = this;
    this.holder = holder;
    this.attempts += 1;
    this.sentAt = now;
    this.#sentUntil = expires;
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
      remainingMs: Math.max(0, Math.min(Math.floor(expires - now), LONGEST_TIMER_MS)),
      leaseEnd: new Date(this.leaseEnd),
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
