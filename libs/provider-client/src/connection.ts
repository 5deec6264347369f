import { setTimeout as sleep } from 'node:timers/promises';
import { fromUnknown } from '@vouch/errors';
import type { DescribeResponse } from '@vouch/proto/evidence/v1/evidence';
import type { Logger } from '@vouch/telemetry';
import { createBackoff } from './backoff.js';
import { compareDescription } from './description.js';
import type { Health } from './health.js';
import type { ProviderPort, Retirement, Session, SessionHost, SessionSettings } from './session.js';
import { openStreamSession } from './stream-session.js';
import type { ProviderClientOptions, ProviderLimits } from './types.js';
import { openUnarySession } from './unary-session.js';

/** What a connection needs. */
export interface ConnectionOptions {
  readonly options: ProviderClientOptions;
  readonly limits: ProviderLimits;
  readonly port: ProviderPort;
  readonly health: Health;
  readonly host: SessionHost;
  readonly closing: AbortSignal;
  readonly logger: Logger;
  /** The provider has said what it answers. */
  readonly onDescribed: (description: DescribeResponse) => void;
}

/** Keeps a session to the provider open. */
export interface Connection extends AsyncDisposable {
  /** The session that takes queries; undefined while there is none. */
  readonly session: Session | undefined;
  /** Queries sent and not answered, over all sessions. */
  inFlight(): number;
  /** Milliseconds until the next probe, when there is one to wait for. */
  retryAfterMs(): number | undefined;
  /** Asks the provider what it answers. */
  describe(): Promise<DescribeResponse>;
  /** The provider works: the next pause is short again. */
  succeeded(): void;
  /** A session takes no more queries. */
  retired(session: Session, why: Retirement): void;
}

// A session that brought no answer and ended sooner than this was of no use: opening the next at once could go on for ever.
const STEADY_MS = 1000;

/** Connects, and connects again, until `closing`. */
export function keepConnected({ options, limits, port, health, host, closing, logger, onDescribed }: ConnectionOptions): Connection {
  const backoff = createBackoff(limits.firstBackoffMs, limits.longestBackoffMs);
  const sessions = new Set<Session>();
  let session: Session | undefined;
  let openedAt = 0;
  let suspect = false;
  let goOn: (() => void) | undefined;
  let probeAt: number | undefined;
  let lastAlarms = '';

  const describe = (): Promise<DescribeResponse> =>
    port.describe({}, { signal: closing, deadline: new Date(Date.now() + limits.connectTimeoutMs) });

  async function reach(): Promise<DescribeResponse | undefined> {
    try {
      const description = await describe();
      compare(description);
      return description;
    } catch (failure) {
      if (health.state !== 'down' && !closing.aborted) logger.warn({ code: fromUnknown(failure).code }, 'provider cannot be reached');
      return undefined;
    }
  }

  function compare(description: DescribeResponse): void {
    onDescribed(description);
    if (!options.catalogue) return;
    const alarms = compareDescription(description, options.agency, options.catalogue.claimTypes, options.regions ?? []);
    // A provider that comes and goes says the same each time.
    const said = alarms.join('; ');
    if (alarms.length > 0 && said !== lastAlarms) logger.error({ alarms }, 'provider and catalogue differ');
    lastAlarms = said;
  }

  /** Opens a session; resolves when it takes no more queries. */
  function open(description: DescribeResponse): Promise<void> {
    const settings: SessionSettings = {
      agency: options.agency,
      port,
      tracer: options.tracer,
      maxBatch: Math.max(1, Math.min(limits.maxBatch, description.largestBatch)),
      initialWindow: description.initialWindow,
      maxCalls: limits.maxUnaryCalls,
    };
    const opened = description.streams ? openStreamSession(host, settings) : openUnarySession(host, settings);
    // A retired session is over once nothing is in flight.
    for (const each of sessions) if (each.inFlight === 0) sessions.delete(each);
    sessions.add(opened);
    session = opened;
    openedAt = performance.now();
    probeAt = undefined;
    const over = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    health.go(suspect ? 'trial' : 'up');
    opened.wake();
    return over;
  }

  /** The state changes before whoever was waiting hears of a fault, so that who asks again at once fails fast or waits, as is right. */
  function retired(retiring: Session, why: Retirement): void {
    if (retiring !== session) return;
    session = undefined;
    const steady = (why === 'draining' || why === 'ended') && (retiring.useful || performance.now() - openedAt >= STEADY_MS);
    suspect = !steady;
    if (steady) health.go('connecting');
    else goDown();
    goOn?.();
  }

  function goDown(): void {
    probeAt = performance.now() + backoff.next();
    health.go('down');
  }

  async function run(): Promise<void> {
    while (!closing.aborted) {
      const description = await reach();
      if (closing.aborted) return;
      if (description) await open(description);
      else goDown();
      const pause = probeAt === undefined ? 0 : probeAt - performance.now();
      if (health.state === 'down' && pause > 0) await sleep(pause, undefined, { signal: closing }).catch(() => undefined);
    }
  }

  const running = run();
  return {
    get session() {
      return session;
    },
    inFlight() {
      let queries = 0;
      for (const each of sessions) queries += each.inFlight;
      return queries;
    },
    retryAfterMs: () => (probeAt === undefined ? undefined : Math.max(1, Math.ceil(probeAt - performance.now()))),
    describe,
    succeeded: () => backoff.reset(),
    retired,
    async [Symbol.asyncDispose]() {
      for (const each of sessions) each.close();
      await running;
    },
  };
}
