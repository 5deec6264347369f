import type { Logger } from '@vouch/telemetry';
import type { ClaimTypeDefinition } from './adapter.js';
import type { Asked } from './asked.js';
import { type CheckResult, fault } from './finding.js';
import { isResult } from './to-answer.js';

interface LaneOptions {
  readonly name: string;
  readonly definition: ClaimTypeDefinition;
  readonly largestBatch: number;
  readonly logger: Logger;
}

/** The queries of one claim type on their way to its check. */
export interface Lane {
  push(asked: Asked): void;
  /** Hands waiting queries to the check, as many batches at once as the claim type allows. */
  pump(): void;
}

/**
 * A lane. What waits while every place is taken goes out as one batch when a place is free. A check that never returns keeps its
 * place: that is the limit at work, so checks must heed the queries' signals.
 */
export function createLane({ name, definition, largestBatch, logger }: LaneOptions): Lane {
  const parallelism = definition.parallelism ?? 4;
  const waiting = new Set<Asked>();
  let running = 0;

  async function check(batch: readonly Asked[]): Promise<void> {
    const results = await definition.check(
      batch.map((asked) => asked.toClaimQuery()),
      { logger },
    );
    if (!Array.isArray(results) || results.length !== batch.length) {
      throw new TypeError('The check did not return one result per query');
    }
    const settling: Promise<void>[] = [];
    for (const [index, asked] of batch.entries()) {
      const result: unknown = results[index];
      if (result instanceof Promise) settling.push(result.then((late) => settle(asked, late)).catch((thrown) => failed([asked], thrown)));
      else settle(asked, result);
    }
    if (settling.length > 0) await Promise.all(settling);
  }

  function settle(asked: Asked, result: unknown): void {
    if (!isResult(result)) throw new TypeError('The check returned something that is neither a finding nor a fault');
    asked.settle(result as CheckResult);
  }

  function failed(batch: readonly Asked[], thrown: unknown): void {
    const open = batch.filter((asked) => !asked.settled);
    if (open.length === 0) return;
    logger.error({ claimType: name, queries: open.length, ...whereOf(thrown) }, 'The check failed');
    for (const asked of open) asked.settle(fault('agency_error'));
  }

  const lane: Lane = {
    push(asked) {
      waiting.add(asked);
      asked.waitingIn = waiting;
    },
    pump() {
      while (running < parallelism && waiting.size > 0) {
        const batch: Asked[] = [];
        for (const asked of waiting) {
          waiting.delete(asked);
          if (batch.push(asked) === largestBatch) break;
        }
        running += 1;
        void check(batch)
          .catch((thrown) => failed(batch, thrown))
          .finally(() => {
            running -= 1;
            lane.pump();
          });
      }
    },
  };
  return lane;
}

/** Where an error came from, without its text: an agency's message may quote the person asked about. */
function whereOf(thrown: unknown): { error: string; at?: string } {
  if (!(thrown instanceof Error)) return { error: typeof thrown };
  const frames = thrown.stack?.split('\n').filter((line) => /^\s+at /.test(line));
  return { error: thrown.name, at: frames?.slice(0, 4).join('\n') };
}
