import { createHash } from 'node:crypto';
import { RetryableError, TerminalError } from '@vouch/errors';
import { createUuid, type Keyring } from '@vouch/identity';
import type { Logger } from '@vouch/telemetry';
import type { LookupStore } from '../keeping/store.js';
import { findBatch } from './batch-rows.js';
import { BOUNDS, CHUNK, PACE } from './bounds.js';
import { MARKS, sealLines } from './chunks.js';
import { type CsvReader, createCsvReader } from './csv.js';
import { type Line, toLines } from './lines.js';
import { beat, closeUpload, dropUpload, type NewChunk, openUpload, type Upload, writeChunks } from './upload-rows.js';

/** How rows are written in an upload. */
export type RowFormat = 'ndjson' | 'csv';

/** One upload. */
export interface Submission {
  readonly platform: string;
  readonly format: RowFormat;
  /** The upload, decompressed. It rejects when it is cut. */
  readonly body: AsyncIterable<Buffer>;
  readonly idempotencyKey?: string;
}

/** What receiving needs. */
export interface ReceiveParts {
  readonly store: LookupStore;
  readonly keyring: Keyring;
  readonly logger: Logger;
}

/**
 * Receives a batch; returns its id once every row is committed. Until then there is no batch: an upload that is cut, refused or whose process
 * dies leaves nothing. Holds a chunk or two at a time, and reads no faster than the store writes.
 */
export async function receive(parts: ReceiveParts, submission: Submission): Promise<string> {
  const { store, keyring } = parts;
  const { platform, format, body, idempotencyKey } = submission;
  const ids = idempotencyKey === undefined ? [createUuid()] : keyring.deriveUuids('batch', platform, idempotencyKey);
  const opened = await openUpload(store, { ids, token: createUuid(), platform });
  if (opened.kind === 'known') return repeated(parts, opened.id, format, body);
  const { upload } = opened;
  const beating = setInterval(() => void beat(store, upload).catch(() => undefined), PACE.uploadBeatMs);
  try {
    const digest = createDigest(format);
    const writer = createChunkWriter(parts, upload);
    for await (const row of toRows(body, format, digest.add)) await writer.add(row);
    const total = await writer.end();
    if (total === 0) throw new TerminalError('batch_unreadable', { detail: 'There is no row in it' });
    if (!(await closeUpload(store, upload, { total, fingerprint: keyring.fingerprint(digest.text()) }))) throw overtaken();
    return upload.id;
  } catch (failure) {
    // Whatever cannot be forgotten now is forgotten by the next sweep.
    await dropUpload(store, upload).catch(() => undefined);
    throw failure;
  } finally {
    clearInterval(beating);
  }
}

/** A repeat is read to its end: only then is it known to be the same upload. */
async function repeated({ store, keyring }: ReceiveParts, id: string, format: RowFormat, body: AsyncIterable<Buffer>): Promise<string> {
  const digest = createDigest(format);
  for await (const _ of toRows(body, format, digest.add));
  const known = await findBatch(store, id);
  if (!known || !keyring.matchesFingerprint(digest.text(), known.fingerprint)) throw new TerminalError('idempotency_mismatch');
  return id;
}

const overtaken = (): RetryableError =>
  new RetryableError('idempotency_in_progress', { cause: new Error('the upload was given up as cut') });

/** Recognises an upload that comes again. What is kept of it is keyed, so that nobody can guess rows from it. */
function createDigest(format: RowFormat) {
  const hash = createHash('sha256');
  return { add: (piece: Buffer): void => void hash.update(piece), text: (): string => `batch ${format} ${hash.digest('base64')}` };
}

/** Rows as lines of JSON, or marks where there is none. */
async function* toRows(body: AsyncIterable<Buffer>, format: RowFormat, onPiece: (piece: Buffer) => void): AsyncGenerator<string> {
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  let readCsv: CsvReader | undefined;
  for await (const lines of toLines(body, { largest: BOUNDS.largestRowBytes, mostBytes: BOUNDS.largestUploadBytes, onPiece })) {
    // The decoder takes a byte order mark away.
    const texts = lines.map((line) => toText(utf8, line));
    if (format === 'csv') readCsv ??= toReader(texts.shift());
    yield* toRowTexts(texts, readCsv);
  }
}

function toReader(header: string | undefined): CsvReader {
  if (header === undefined || header in MARKS_BY_LINE) {
    throw new TerminalError('batch_unreadable', { detail: 'The header line is not readable' });
  }
  return createCsvReader(header);
}

const MARKS_BY_LINE: Readonly<Record<string, true>> = { [MARKS.row_too_large]: true };

function toText(utf8: InstanceType<typeof TextDecoder>, line: Line): string | undefined {
  if (line === 'too_large') return MARKS.row_too_large;
  try {
    const text = utf8.decode(line);
    return text.endsWith('\r') ? text.slice(0, -1) : text;
  } catch {
    return undefined;
  }
}

function* toRowTexts(texts: readonly (string | undefined)[], readCsv: CsvReader | undefined): Generator<string> {
  const isRow = (text: string | undefined): text is string => text !== undefined && text !== MARKS.row_too_large;
  const read = readCsv?.(texts.filter(isRow));
  let next = 0;
  for (const text of texts) yield (isRow(text) && read ? read[next++] : text) ?? MARKS.row_malformed;
}

/** Gathers rows into chunks, and chunks into statements. */
function createChunkWriter({ store, keyring }: ReceiveParts, upload: Upload) {
  let rows: string[] = [];
  let rowBytes = 0;
  let chunks: NewChunk[] = [];
  let chunkBytes = 0;
  let total = 0;
  let number = 0;

  function closeChunk(): void {
    if (rows.length === 0) return;
    const sealed = sealLines(keyring, upload.id, number, rows);
    chunks.push({ number, firstRow: total - rows.length + 1, rowCount: rows.length, sealed });
    chunkBytes += sealed.length;
    number += 1;
    rows = [];
    rowBytes = 0;
  }

  async function write(): Promise<void> {
    if (chunks.length === 0) return;
    if (!(await writeChunks(store, upload, chunks))) throw overtaken();
    chunks = [];
    chunkBytes = 0;
  }

  return {
    async add(row: string): Promise<void> {
      if (total === BOUNDS.mostRows) throw new TerminalError('batch_too_large', { detail: `A batch may have ${BOUNDS.mostRows} rows` });
      total += 1;
      rows.push(row);
      rowBytes += row.length;
      if (rows.length === CHUNK.mostRows || rowBytes >= CHUNK.mostBytes) closeChunk();
      if (chunks.length === CHUNK.mostInsert || chunkBytes >= CHUNK.mostInsertBytes) await write();
    },
    /** Writes the rest; returns the number of rows. */
    async end(): Promise<number> {
      closeChunk();
      await write();
      return total;
    },
  };
}
