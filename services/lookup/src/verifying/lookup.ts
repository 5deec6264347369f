import type { Catalogues } from '@vouch/catalogue-versions';
import { TerminalError, VouchError } from '@vouch/errors';
import { createUuid } from '@vouch/identity';
import type { Priority } from '@vouch/provider-client';
import type { TraceContext } from '@vouch/telemetry';
import { assertMayAsk, rightsOf } from '../callers/access.js';
import type { Verification } from '../keeping/verification.js';
import type { VerificationRequest } from '../requests/verification-request.js';
import { type Attempted, type AttemptOptions, type AttemptParts, attempt, inProgress, KEY_KEPT_MS } from './attempt.js';
import { createCrowd } from './crowd.js';
import { NEVER } from './never.js';
import { refuse } from './refuse.js';
import { createUnderWay } from './under-way.js';

/** What lookups are made of. */
export interface LookupParts extends AttemptParts {
  readonly catalogues: Catalogues;
}

/** A well-formed lookup of an authenticated platform. */
export interface CreateOptions {
  readonly clientId: string;
  readonly request: VerificationRequest;
  readonly idempotencyKey?: string;
  /** Whether nobody can have used the key before, so that it need not be looked for. Should somebody have, redeeming tells all the same. */
  readonly freshKey?: boolean;
  /** Id of the verification that a refusal becomes, so that a repeat records it once; a new one unless said. */
  readonly refusalId?: string;
  /** The caller's own deadline, when that is before the time budget's end. */
  readonly deadline?: Date;
  readonly trace?: TraceContext;
  /** `interactive` unless said: at the agencies a batch's row lets people go first. */
  readonly priority?: Priority;
}

/** A verification that may be shown, or one of which only id, times and basis may be. */
export interface Shown {
  readonly kind: 'answer' | 'gone';
  readonly verification: Verification;
}

/** Lookups, the same for HTTP and gRPC. */
export interface Lookup {
  /**
   * Makes one lookup, or returns what the same idempotency key made before. Throws what stands against it; a refusal carries the id of
   * the refused verification.
   */
  create(options: CreateOptions): Promise<Shown>;
  /** A verification of the client's own as it stands now; `verification_not_found` for anyone else's. */
  read(options: { readonly clientId: string; readonly id: string; readonly trace?: TraceContext }): Promise<Shown>;
  /** The verification that an idempotency key made, or the refusal, if one was committed; nobody is asked. */
  known(clientId: string, idempotencyKey: string, refusalId: string): Promise<Verification | undefined>;
  /** Lookups that somebody waits for and that are worked on at a time, on an average of the last seconds. */
  readonly peoplesLoad: number;
}

const READ_TIMEOUT_MS = 3_000;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Lookups over their parts. No I/O until called. */
export function createLookup(parts: LookupParts): Lookup {
  const { catalogues, keyring, find, basis, committer } = parts;
  const underWay = createUnderWay();
  const people = createCrowd();

  async function createKeyed(key: string, fresh: boolean, options: AttemptOptions): Promise<Shown> {
    const { clientId, request, budgetEnd, trace } = options;
    for (let from = 0, first = fresh; ; first = false) {
      const { id, generation, known } = first ? { id: idsOf(clientId, key, 0)[0], generation: 0 } : await findKeyed(clientId, key, from);
      if (known) return replay(known, request, trace);
      const running = underWay.get(id);
      if (running) {
        if (running.canonical !== request.canonical) throw new TerminalError('idempotency_mismatch');
        await within(running.over, budgetEnd);
        continue;
      }
      const made = await underWay.run(id, request.canonical, () => attempt(parts, id, options));
      if (made.kind === 'other') return replay(made.verification, request, trace);
      if (made.kind !== 'forgotten') return toShown(made);
      from = generation + 1;
    }
  }

  // One id per key of the keyring that is kept, the current one's first: an idempotency key may have been used before a rotation.
  const idsOf = (clientId: string, key: string, generation: number) =>
    keyring.deriveUuids('verification', clientId, key, String(generation)) as [string, ...string[]];

  // A key is good for seven days; after that it means a new verification, with the next generation in its id.
  async function findKeyed(clientId: string, key: string, from: number) {
    for (let generation = from; ; generation += 1) {
      const ids = idsOf(clientId, key, generation);
      const known = (await Promise.all(ids.map(find))).find((found) => found !== undefined);
      if (!known) return { id: ids[0], generation };
      if (known.createdAt.getTime() > Date.now() - KEY_KEPT_MS) return { id: known.id, generation, known };
    }
  }

  async function replay(known: Verification, request: VerificationRequest, trace: TraceContext | undefined): Promise<Shown> {
    const { fingerprint } = known;
    if (fingerprint !== undefined && !keyring.matchesFingerprint(request.canonical, fingerprint)) {
      throw new TerminalError('idempotency_mismatch');
    }
    return disclosed(known, trace);
  }

  async function disclosed(verification: Verification, trace: TraceContext | undefined): Promise<Shown> {
    if (isOver(verification)) return { kind: 'gone', verification };
    const call = { signal: NEVER, deadline: new Date(Date.now() + READ_TIMEOUT_MS), trace };
    return { kind: (await basis.mayDisclose(verification.id, call)) ? 'answer' : 'gone', verification };
  }

  async function create({
    clientId,
    request,
    idempotencyKey,
    freshKey = false,
    refusalId,
    priority,
    deadline,
    trace,
  }: CreateOptions): Promise<Shown> {
    const startedAt = Date.now();
    const budgetEnd = Math.min(startedAt + request.timeBudgetMs, deadline?.getTime() ?? Number.POSITIVE_INFINITY);
    const rights = rightsOf(request.catalogue, clientId);
    try {
      const { purpose, region, plan } = request;
      assertMayAsk(rights, { purpose, region, claimTypes: plan.claims.map(({ type }) => type) });
    } catch (failure) {
      if (!(failure instanceof VouchError)) throw failure;
      const at = new Date(startedAt);
      const id = refusalId ?? createUuid();
      const repeatable = refusalId !== undefined;
      return refuse(committer, keyring, { id, platform: clientId, request, code: failure.code, at, repeatable, trace });
    }
    const keyed = idempotencyKey !== undefined;
    const options: AttemptOptions = { clientId, request, startedAt, budgetEnd, keyed, refusalId, priority, trace };
    if (keyed) return createKeyed(idempotencyKey, freshKey, options);
    const made = await attempt(parts, createUuid(), options);
    // A random id belongs to nobody else, so there is no other attempt at it.
    if (made.kind === 'forgotten') throw new TerminalError('internal', { cause: new Error('a new id was redeemed long ago') });
    return toShown(made);
  }

  return {
    create(options) {
      if (options.priority !== 'batch') people.came();
      return create(options);
    },
    known: async (clientId, idempotencyKey, refusalId) => (await findKeyed(clientId, idempotencyKey, 0)).known ?? find(refusalId),
    get peoplesLoad() {
      return people.load;
    },
    async read({ clientId, id, trace }) {
      const rights = rightsOf(catalogues.current, clientId);
      const verification = UUID.test(id) ? await find(id.toLowerCase()) : undefined;
      if (verification?.platform !== clientId) throw new TerminalError('verification_not_found');
      if (verification.status === 'refused') return { kind: 'answer', verification };
      const { purpose, region, claims } = verification;
      assertMayAsk(rights, { purpose, region, claimTypes: claims.map(({ type }) => type) });
      return disclosed(verification, trace);
    },
  };
}

const toShown = ({ kind, verification }: Exclude<Attempted, { kind: 'forgotten' }>): Shown => ({
  kind: kind === 'gone' || isOver(verification) ? 'gone' : 'answer',
  verification,
});

// The answer goes when its retention ends, even if the erasing comes later.
const isOver = ({ erasedAt, eraseAt }: Verification): boolean =>
  erasedAt !== undefined || (eraseAt !== undefined && eraseAt.getTime() <= Date.now());

/** Waits until something is over; throws `idempotency_in_progress` when the budget ends first. */
async function within(over: Promise<void>, budgetEnd: number): Promise<void> {
  const waitMs = budgetEnd - Date.now();
  if (waitMs <= 0) throw inProgress(0);
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(inProgress(0)), waitMs);
  });
  try {
    await Promise.race([over, tooLong]);
  } finally {
    clearTimeout(timer);
  }
}
