import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { type BatchClient, createBatchClient } from '@vouch/client';
import { type Lookup, toRequest } from '../lookups/lookup.js';
import type { Drive, Driven } from './drive.js';

const ROWS = 1_000;
const UNDER_WAY = 2;
const LOOK_EVERY_MS = 50;

/**
 * Makes lookups by batches, as a county would: uploads rows, waits for the end, reads the results. The next batch is handed in while one is
 * being asked, so that the hub is never idle. A row has no latency of its own.
 */
export function createBatchDrive(url: string, token: string, lookups: readonly Lookup[]): (plan: Drive) => Promise<Driven> {
  const client = createBatchClient(url, async () => token);
  return async (plan) => {
    const ids: string[] = [];
    let next = plan.from;
    let failed = 0;
    let firstFailure: string | undefined;
    const startedAt = Date.now();
    const more = (): boolean => next < plan.to && Date.now() < startedAt + plan.ms;

    async function handIn(): Promise<void> {
      while (more()) {
        const rows = lookups.slice(next, Math.min(next + ROWS, plan.to));
        next += rows.length;
        for await (const line of ask(client, rows)) {
          const id = idOf(line);
          if (id !== undefined) {
            ids.push(id);
            continue;
          }
          failed += 1;
          firstFailure ??= line.slice(0, 500);
        }
      }
    }

    await Promise.all(Array.from({ length: UNDER_WAY }, handIn));
    return {
      ids,
      latencies: new Float64Array(ids.length).fill(Number.NaN),
      begun: next - plan.from,
      refused: 0,
      failed,
      ...(firstFailure !== undefined && { firstFailure }),
      exhausted: next >= plan.to,
      startedAt,
      endedAt: Date.now(),
    };
  };
}

/** Results of one batch, a line each. */
async function* ask(client: BatchClient, rows: readonly Lookup[]): AsyncGenerator<string> {
  // In large pieces, as from a file.
  const upload = Buffer.from(rows.map((row) => `${JSON.stringify(toRequest(row))}\n`).join(''));
  const { id } = await client.submit({ rows: Readable.from([upload]), format: 'ndjson', gzip: false, idempotencyKey: randomUUID() });
  while ((await client.read(id)).status !== 'complete') await delay(LOOK_EVERY_MS);
  const results = await client.results(id, { format: 'ndjson', after: 0 });
  yield* createInterface({ input: Readable.from(results) });
}

/** Id of the verification, when every agency answered. */
function idOf(line: string): string | undefined {
  const { status, verificationId } = JSON.parse(line) as { status: string; verificationId?: string };
  return status === 'complete' && !line.includes('"outcome":"unavailable"') ? verificationId : undefined;
}
