import { type Answer, Outcome, type Query } from '@vouch/proto/evidence/v1/evidence';
import { type Logger, readTraceparent, type Span, type Tracer } from '@vouch/telemetry';
import type { ClaimQuery, Person } from './adapter.js';
import type { Deliver, Ticket } from './engine.js';
import { type CheckResult, fault } from './finding.js';
import type { Interception } from './interception.js';
import type { KnownClaimType, Reading } from './read-query.js';
import { toAnswer } from './to-answer.js';

interface AskedOptions {
  readonly query: Query;
  readonly claimType: KnownClaimType | undefined;
  readonly agency: string;
  readonly tracer: Tracer;
  readonly logger: Logger;
  readonly now: () => number;
  readonly deliver: Deliver;
  readonly ended: (asked: Asked, answer: Answer | undefined) => void;
}

const REGION = /^\d{6}$/;
const DISCLOSURE_NAME = /^[a-z][A-Za-z]{0,39}$/;
const NOBODY_WAITS = 'Nobody waits for this query any more';

/** One query from its arrival to its answer: its deadline, lease, span and signal. Settled exactly once. */
export class Asked implements Ticket {
  readonly claimType: KnownClaimType | undefined;
  /** Milliseconds since the epoch: what the hub allowed, or the lease's end. */
  readonly deadline: number;
  reading: Reading | undefined;
  interception: Interception | undefined;
  timer: NodeJS.Timeout | undefined;
  /** Queue that it leaves when it is settled before its turn. */
  waitingIn: Set<Asked> | undefined;
  settled = false;
  readonly #options: AskedOptions;
  readonly #span: Span;
  readonly #leaseEnd: number;
  #controller: AbortController | undefined;

  constructor(options: AskedOptions) {
    const { query, claimType, agency, tracer, now } = options;
    this.#options = options;
    this.claimType = claimType;
    // Without a lease there is no basis, so it counts as over.
    this.#leaseEnd = query.leaseEnd?.getTime() ?? 0;
    this.deadline = Math.min(now() + query.remainingMs, this.#leaseEnd);
    this.#span = tracer.startSpan(claimType?.name ?? 'unknown claim type', {
      parent: readTraceparent(query.traceparent),
      kind: 'server',
    });
    if (this.#span.recording) {
      this.#span.set({
        'vouch.agency': agency,
        ...(claimType ? { 'vouch.claim_type': claimType.name } : {}),
        ...(REGION.test(query.region) ? { 'vouch.region': query.region } : {}),
      });
    }
  }

  /** Whether the lease on the legal basis has ended. */
  get leaseOver(): boolean {
    return this.#options.now() > this.#leaseEnd;
  }

  /** The query as the check sees it. */
  toClaimQuery(): ClaimQuery {
    const { query } = this.#options;
    const reading = this.reading as Reading;
    const asked = this;
    return {
      parameters: reading.parameters,
      persons: reading.persons as { readonly subject: Person },
      region: query.region,
      platform: query.platform,
      purpose: query.purpose,
      actorRef: query.actorRef,
      basisRef: query.basisRef,
      deadline: new Date(this.deadline),
      // Made when first read: most checks never look.
      get signal() {
        return asked.#signal();
      },
    };
  }

  /** Answers the query, unless it is settled already. What comes after the lease or the deadline is replaced by that fault. */
  settle(result: CheckResult): void {
    if (this.settled) return;
    const { query, claimType, deliver, ended, now } = this.#options;
    let kept = result;
    if (this.leaseOver) kept = fault('lease_ended');
    else if (now() > this.deadline && !('fault' in result)) kept = fault('deadline_exceeded');
    this.#close(kept !== result || 'fault' in kept);
    if (this.interception?.hang) {
      this.#trace(undefined);
      ended(this, undefined);
      deliver(query, undefined);
      return;
    }
    const clean = toAnswer(query.id, kept, claimType?.definition.discloses ?? {}, (name) => this.#dropped(name));
    const answer = this.interception?.distort?.(clean) ?? clean;
    this.#trace(clean);
    ended(this, answer);
    deliver(query, answer);
  }

  cancel(): void {
    if (this.settled) return;
    this.#close(true);
    if (this.#span.recording) this.#span.event('cancelled');
    this.#span.end();
    this.#options.ended(this, undefined);
  }

  #signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.settled) this.#controller.abort(new DOMException(NOBODY_WAITS, 'AbortError'));
    return this.#controller.signal;
  }

  #close(abort: boolean): void {
    this.settled = true;
    clearTimeout(this.timer);
    this.waitingIn?.delete(this);
    if (abort) this.#controller?.abort(new DOMException(NOBODY_WAITS, 'AbortError'));
  }

  #trace(answer: Answer | undefined): void {
    const result = answer?.result;
    if (result?.$case === 'finding' && this.#span.recording) {
      this.#span.set({ 'vouch.outcome': Outcome[result.value.outcome].toLowerCase() });
    }
    if (result?.$case === 'fault') this.#span.fail(result.value.code);
    this.#span.end();
  }

  #dropped(name: string): void {
    this.#options.logger.error(
      {
        claimType: this.claimType?.name,
        // A name that is no identifier may be a value in the wrong place.
        disclosure: DISCLOSURE_NAME.test(name) ? name : '(not a name)',
        trace: this.#span.context.traceId,
      },
      'The check disclosed what its claim type does not declare; dropped',
    );
  }
}
