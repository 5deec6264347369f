import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { type BatchClient, createBatchClient } from '@vouch/client';
import { openConsents } from '../consented.js';
import type { LaidGround } from '../ground.js';
import { makeLookups } from '../lookups/families.js';
import { type Lookup, toRequest } from '../lookups/lookup.js';
import { writeLookups } from '../lookups/lookup-file.js';
import { readPeakBytes } from '../processes/usage.js';
import { hub } from '../rows/hub.js';

/** The hub's process after a step of the batch. */
export interface Step {
  readonly step: string;
  /** The most memory that was ever resident until then, bytes. */
  readonly peakBytes: number;
  /** Since the upload began, seconds. */
  readonly seconds: number;
}

const MOST_FAMILIES = 100_000;
const LOOK_EVERY_MS = 2_000;
const TELL_EVERY = 0.1;

/**
 * One batch of so many rows, asked to its end by the hub on PostgreSQL and Kafka, and read back: does its memory grow with it? A row asks one
 * agency; families come again after the hundred-thousandth. Throws unless each row has exactly one result, in order, with its claim answered.
 */
export async function runLargeBatch(rows: number, laid: LaidGround): Promise<readonly Step[]> {
  const { ground } = laid;
  const lookups = makeLookups(Math.min(rows, MOST_FAMILIES));
  await writeLookups(ground.lookupFile, lookups.slice(0, 1));
  const give = await openConsents('vouch', hub, laid, lookups[0] as Lookup);
  await give(lookups);
  await using running = await hub.start(ground);
  const pid = running.processes.hub?.[0];
  if (running.httpUrl === undefined || pid === undefined) throw new Error('The hub has no address or no process');
  const client = createBatchClient(running.httpUrl, () => ground.issuer.token());

  const since = performance.now();
  const steps: Step[] = [];
  const note = async (step: string): Promise<void> => {
    const peakBytes = await readPeakBytes(pid);
    const seconds = (performance.now() - since) / 1_000;
    steps.push({ step, peakBytes, seconds });
    ground.log(`  ${step} after ${Math.round(seconds)} s, peak ${Math.round(peakBytes / 1_048_576)} MB`);
  };

  await note('started');
  const { id } = await client.submit({
    rows: Readable.from(lines(lookups, rows)),
    format: 'ndjson',
    gzip: false,
    idempotencyKey: randomUUID(),
  });
  await note('uploaded');
  for (let told = 0; ; ) {
    const { status, rows: counts } = await client.read(id);
    const done = (counts.total - counts.pending) / rows;
    if (done >= told + TELL_EVERY && status !== 'complete') {
      told = Math.floor(done / TELL_EVERY) * TELL_EVERY;
      await note(`${Math.round(told * 100)} % asked`);
    }
    if (status === 'complete') break;
    await delay(LOOK_EVERY_MS);
  }
  await note('all asked');
  await readAll(client, id, rows);
  await note('all results read');
  return steps;
}

async function* lines(lookups: readonly Lookup[], rows: number): AsyncGenerator<Buffer> {
  for (let row = 0; row < rows; row += 1)
    yield Buffer.from(`${JSON.stringify(toRequest(lookups[row % lookups.length] as Lookup, ['housing']))}\n`);
}

async function readAll(client: BatchClient, id: string, rows: number): Promise<void> {
  let read = 0;
  for await (const line of createInterface({ input: Readable.from(await client.results(id, { format: 'ndjson', after: 0 })) })) {
    read += 1;
    const { row, status } = JSON.parse(line) as { row: number; status: string };
    if (row !== read || status !== 'complete' || line.includes('"outcome":"unavailable"'))
      throw new Error(`Result ${read} is of row ${row}: ${line.slice(0, 500)}`);
  }
  if (read !== rows) throw new Error(`${rows} rows have ${read} results`);
}
