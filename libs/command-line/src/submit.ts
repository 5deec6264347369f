import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Batch, BatchClient, RowFormat } from '@vouch/client';
import { again, FIRST_CONTACT_MS } from './again.js';
import { SettingsError } from './failure.js';
import { toBar, toBytes } from './progress-line.js';
import type { Terminal } from './terminal.js';

/** Which rows. */
export interface SubmitOptions {
  /** A path, or `-` for standard input. */
  readonly file: string;
  readonly format?: RowFormat;
  readonly gzip?: boolean;
  readonly key?: string;
}

const SHOWN_EVERY_MS = 100;
const BAR = 30;

/** Submits a file of rows. What fails on the way is tried again under the same key; standard input can be read only once. */
export async function submit(client: BatchClient, terminal: Terminal, options: SubmitOptions): Promise<Batch> {
  const { file, key = randomUUID() } = options;
  const name = file.toLowerCase().replace(/\.gz$/, '');
  const format = options.format ?? (name.endsWith('.csv') ? 'csv' : /\.(?:ndjson|jsonl)$/.test(name) ? 'ndjson' : undefined);
  if (!format) throw new SettingsError('Is it NDJSON or CSV? Say --format ndjson or --format csv');
  const gzip = options.gzip ?? file.toLowerCase().endsWith('.gz');
  const size = file === '-' ? undefined : (await stat(file)).size;
  const send = () => {
    const rows: AsyncIterable<Uint8Array> = file === '-' ? process.stdin : createReadStream(file);
    return client.submit({ rows: watched(rows, size, terminal), format, gzip, idempotencyKey: key });
  };
  const batch = await (file === '-' ? send() : again(terminal, send, FIRST_CONTACT_MS));
  terminal.say(`${batch.rows.total} rows submitted`);
  return batch;
}

async function* watched(rows: AsyncIterable<Uint8Array>, size: number | undefined, terminal: Terminal): AsyncGenerator<Uint8Array> {
  let sent = 0;
  let shownAt = 0;
  for await (const piece of rows) {
    yield piece;
    sent += piece.length;
    if (Date.now() - shownAt < SHOWN_EVERY_MS) continue;
    shownAt = Date.now();
    terminal.show(size ? `${toBar(Math.min(1, sent / size), BAR)} ${toBytes(sent)} of ${toBytes(size)} sent` : `${toBytes(sent)} sent`);
  }
}
