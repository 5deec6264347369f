import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { createGunzip } from 'node:zlib';
import { TerminalError } from '@vouch/errors';

/** A body that is read as it comes. */
export interface UploadBody {
  /** The decompressed bytes; rejects when the connection is cut, throws `batch_unreadable` for what is no gzip. */
  readonly bytes: AsyncIterable<Buffer>;
  /**
   * Reads what is left to nowhere, for a moment: a client that is still sending would not hear an answer. To be called before a
   * refusal is sent.
   */
  passOver(): Promise<void>;
}

const PASS_OVER_MS = 5_000;

/** The body of a request with this content encoding. Throws `content_type_unsupported` for an encoding that is not known. */
export function toUpload(raw: IncomingMessage, encoding: string): UploadBody {
  const passOver = async (): Promise<void> => {
    if (raw.readableEnded || raw.destroyed) return;
    raw.unpipe();
    raw.resume();
    const over = new AbortController();
    const ended = Promise.race([once(raw, 'end', over), once(raw, 'close', over), pause(PASS_OVER_MS, undefined, over)]);
    await ended.catch(() => undefined);
    over.abort();
  };
  // Stopping half way must not close the connection, on which the refusal is still to be sent.
  if (/^identity$/i.test(encoding)) return { bytes: { [Symbol.asyncIterator]: () => raw.iterator({ destroyOnReturn: false }) }, passOver };
  if (!/^(?:x-)?gzip$/i.test(encoding)) {
    throw new TerminalError('content_type_unsupported', { detail: 'The content encoding must be gzip, or none' });
  }
  return { bytes: { [Symbol.asyncIterator]: () => gunzipped(raw) }, passOver };
}

async function* gunzipped(raw: IncomingMessage): AsyncGenerator<Buffer, void> {
  const gunzip = createGunzip();
  // What has arrived whole but was not read to its end is gone with its connection, too.
  const cut = (): void => {
    if (!raw.readableEnded) gunzip.destroy(new TerminalError('body_malformed', { cause: new Error('the upload was cut') }));
  };
  raw.once('error', cut).once('close', cut);
  // One that was cut before says nothing any more.
  if (raw.destroyed) cut();
  else raw.pipe(gunzip);
  try {
    for await (const piece of gunzip) yield piece as Buffer;
  } catch (failure) {
    throw isZlibFault(failure) ? new TerminalError('batch_unreadable', { detail: 'It is not whole gzip' }) : failure;
  } finally {
    raw.unpipe(gunzip);
    gunzip.destroy();
  }
}

const isZlibFault = (failure: unknown): boolean =>
  failure instanceof Error && 'code' in failure && typeof failure.code === 'string' && failure.code.startsWith('Z_');
