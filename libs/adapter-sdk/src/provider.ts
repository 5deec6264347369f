import { RetryableError, TerminalError } from '@vouch/errors';
import {
  type Answer,
  type CheckRequest,
  type CheckResponse,
  type CheckStreamResponse,
  Combine,
  type DescribeResponse,
  DisclosureKind,
  type EvidenceProviderService,
  type Query,
  type WatchResponse,
} from '@vouch/proto/evidence/v1/evidence';
import type { CallContext, Port } from '@vouch/rpc';
import type { Adapter } from './adapter.js';
import { type DescribedClaimType, describeAdapter } from './describe.js';
import type { Engine } from './engine.js';
import { type CheckStream, createCheckStream } from './stream.js';
import { withinLease } from './to-answer.js';

/** What the agency allows over all callers; 0 means that nothing is declared. */
export interface Quota {
  readonly perSecond: number;
  readonly perDay: number;
}

/** What a provider needs. */
export interface ProviderOptions {
  readonly adapter: Adapter;
  readonly engine: Engine;
  readonly largestBatch: number;
  /** Queries in flight on one stream, at first and at most. */
  readonly largestWindow: number;
  /** Queries in flight over all streams. */
  readonly maxInFlight: number;
  readonly quota: () => Quota;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** The EvidenceProvider of one adapter. */
export interface Provider {
  readonly port: Port<EvidenceProviderService>;
  /** Tells every stream to end, then waits until what was accepted is answered. */
  drain(): Promise<void>;
  /** Ends every call at once, as if the connections had broken. */
  cut(): void;
}

/** A provider over an engine. */
export function createProvider(options: ProviderOptions): Provider {
  const { adapter, engine, largestBatch, largestWindow, maxInFlight, quota, now } = options;
  const claimTypes = describeAdapter(adapter).map(toDescription);
  const streams = new Set<CheckStream>();
  const calls = new Set<AbortController>();

  function shareWindow(): void {
    const share = Math.max(1, Math.min(largestWindow, Math.floor(maxInFlight / Math.max(1, streams.size))));
    for (const stream of streams) stream.setWindow(share);
  }

  async function check(request: CheckRequest, call: CallContext): Promise<CheckResponse> {
    if (request.queries.length > largestBatch) {
      throw new TerminalError('body_too_large', {
        detail: `A batch carries at most ${largestBatch} queries`,
      });
    }
    const cut = new AbortController();
    calls.add(cut);
    try {
      return { answers: await answerAll(request, AbortSignal.any([call.signal, cut.signal])) };
    } finally {
      calls.delete(cut);
    }
  }

  function answerAll(request: CheckRequest, signal: AbortSignal): Promise<Answer[]> {
    const answers: { query: Query; answer: Answer }[] = [];
    if (request.queries.length === 0) return Promise.resolve([]);
    return new Promise((resolve, reject) => {
      const giveUp = (): void => {
        for (const ticket of tickets) ticket.cancel();
        reject(new RetryableError('unavailable'));
      };
      // One that is never answered keeps the whole call open, as a hanging agency would.
      const tickets = engine.submit(request.queries, (query, answer) => {
        if (!answer || answers.push({ query, answer }) < request.queries.length) return;
        signal.removeEventListener('abort', giveUp);
        const at = now();
        // The first to be ready waited for the last; its lease may have ended meanwhile.
        resolve(answers.map((ready) => withinLease(ready.answer, ready.query, at)));
      });
      if (signal.aborted) giveUp();
      else signal.addEventListener('abort', giveUp, { once: true });
    });
  }

  async function* checkStream(
    ...[requests, call]: Parameters<Port<EvidenceProviderService>['checkStream']>
  ): AsyncGenerator<CheckStreamResponse, void, undefined> {
    const stream = createCheckStream(requests, call.signal, { engine, largestBatch, window: largestWindow, now });
    streams.add(stream);
    shareWindow();
    try {
      yield* stream.responses;
    } finally {
      streams.delete(stream);
      shareWindow();
    }
  }

  const watch = (): AsyncIterable<WatchResponse> => {
    throw new TerminalError('method_not_allowed', { detail: 'Watch is not served yet' });
  };

  return {
    port: {
      async describe(): Promise<DescribeResponse> {
        const { perSecond, perDay } = quota();
        return {
          agency: adapter.agency,
          claimTypes,
          regions: [...adapter.regions],
          largestBatch,
          quotaPerSecond: perSecond,
          quotaPerDay: BigInt(perDay),
          streams: true,
          initialWindow: largestWindow,
        };
      },
      check,
      checkStream,
      watch,
    },
    async drain() {
      engine.stop();
      for (const stream of streams) stream.drain();
      await engine.idle();
    },
    cut() {
      for (const stream of streams) stream.cut();
      for (const call of calls) call.abort();
    },
  };
}

const KINDS = {
  integer: DisclosureKind.INTEGER,
  boolean: DisclosureKind.BOOLEAN,
  date: DisclosureKind.DATE,
  code: DisclosureKind.CODE,
} as const;

function toDescription(described: DescribedClaimType): DescribeResponse['claimTypes'][number] {
  return {
    name: described.name,
    version: described.version,
    parametersSchemaJson: JSON.stringify(described.parametersSchema),
    disclosures: Object.fromEntries(Object.entries(described.disclosures).map(([name, kind]) => [name, KINDS[kind]])),
    routing: {
      regionParameter: described.routing.regionParameter ?? '',
      combine: described.routing.combine === 'all' ? Combine.ALL : Combine.ANY,
    },
    involves: described.involves.map((role) => ({ ...role })),
  };
}
