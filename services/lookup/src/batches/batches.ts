import type { Catalogues } from '@vouch/catalogue-versions';
import { TerminalError } from '@vouch/errors';
import type { Keyring } from '@vouch/identity';
import type { Logger } from '@vouch/telemetry';
import { rightsOf } from '../callers/access.js';
import { createSlots } from '../callers/slots.js';
import type { LookupStore } from '../keeping/store.js';
import type { Lookup } from '../verifying/lookup.js';
import type { Batch } from './batch.js';
import { type BatchCommand, command, findBatch, tallyOf } from './batch-rows.js';
import { BOUNDS } from './bounds.js';
import { type BatchAnswer, toBatchAnswer } from './progress.js';
import { receive, type Submission } from './receive.js';
import { type ResultsWanted, type RowResult, readResults } from './results.js';

/** Batches of a platform's own; another's are `batch_not_found`. Rights are read anew by every call. */
export interface Batches {
  /** Receives a batch. Resolves once all of it is committed. Throws `rate_limited` or `overloaded` while as many uploads are under way as may be. */
  submit(submission: Submission): Promise<BatchAnswer>;
  read(platform: string, id: string): Promise<BatchAnswer>;
  /** Pauses, resumes or cancels; a repeat changes nothing. Throws `batch_closed` once the batch has ended otherwise. */
  command(platform: string, id: string, what: BatchCommand): Promise<BatchAnswer>;
  /** Results in the order of the rows, up to the first that has none yet. */
  results(platform: string, id: string, wanted: ResultsWanted): Promise<AsyncGenerator<RowResult[]>>;
}

/** What batches are made of. */
export interface BatchesParts {
  readonly store: LookupStore;
  readonly keyring: Keyring;
  readonly catalogues: Catalogues;
  readonly lookup: Lookup;
  readonly logger: Logger;
  /** There is a batch to be worked on. */
  readonly onReady: () => void;
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const ENDED: readonly Batch['status'][] = ['complete', 'cancelled'];

/** Batches over their parts. No I/O until called. */
export function createBatches(parts: BatchesParts): Batches {
  const { store, catalogues } = parts;
  const uploads = createSlots({ most: BOUNDS.mostUploads, mostPerClient: BOUNDS.mostUploadsOfAPlatform });

  async function find(platform: string, id: string): Promise<Batch> {
    rightsOf(catalogues.current, platform);
    const found = UUID.test(id) ? await findBatch(store, id.toLowerCase()) : undefined;
    if (found?.batch.platform !== platform || found.batch.status === 'receiving') throw new TerminalError('batch_not_found');
    return found.batch;
  }

  async function read(platform: string, id: string): Promise<BatchAnswer> {
    const batch = await find(platform, id);
    return toBatchAnswer(batch, await tallyOf(store, batch.id));
  }

  return {
    read,
    async submit(submission) {
      const leave = uploads.enter(rightsOf(catalogues.current, submission.platform));
      try {
        const id = await receive(parts, submission);
        parts.onReady();
        return await read(submission.platform, id);
      } finally {
        leave();
      }
    },
    async command(platform, id, what) {
      const { status, ...batch } = await find(platform, id);
      const same = what === 'cancel' && status === 'cancelled';
      if (ENDED.includes(status) && !same) throw new TerminalError('batch_closed');
      await command(store, batch.id, what);
      parts.onReady();
      return read(platform, id);
    },
    async results(platform, id, wanted) {
      return readResults(parts, await find(platform, id), wanted);
    },
  };
}
