import { setTimeout as pause } from 'node:timers/promises';
import type { Catalogue } from '@vouch/catalogue';
import type { Catalogues } from '@vouch/catalogue-versions';
import { type ErrorCode, fromUnknown, type VouchError } from '@vouch/errors';
import type { Keyring } from '@vouch/identity';
import type { Logger, Tracer } from '@vouch/telemetry';
import type { Verification } from '../keeping/verification.js';
import { readVerificationRequest, type VerificationRequest } from '../requests/verification-request.js';
import type { Lookup } from '../verifying/lookup.js';
import type { RowOutcome } from './batch.js';
import { BOUNDS, PACE } from './bounds.js';
import { MARKS } from './chunks.js';

/** What asking rows needs. */
export interface RowParts {
  readonly lookup: Lookup;
  readonly catalogues: Catalogues;
  readonly keyring: Keyring;
  readonly tracer: Tracer;
  readonly logger: Logger;
}

/** Which row. */
export interface RowPlace {
  readonly batchId: string;
  readonly platform: string;
  /** From 1. */
  readonly row: number;
}

/** A row to be asked. */
export interface Row extends RowPlace {
  readonly line: string;
  /** Until when nobody else can have asked it, milliseconds of `performance.now()`. */
  readonly untouchedUntil: number;
}

/**
 * The key of a row's verification: whoever asks the row again finds what was asked before. It has a character that no header can bring, so
 * that no lookup of the platform's own can mean it.
 */
const keyOf = ({ batchId, row }: RowPlace): string => `batch\n${batchId}\n${row}`;

const refusalIdOf = ({ keyring }: RowParts, { batchId, row }: RowPlace): string =>
  keyring.deriveUuid('batch refusal', batchId, String(row));

/**
 * Asks one row until there is an outcome; undefined when `stop` comes first. What is wrong with the row is its outcome; what stands in
 * the way is waited for.
 */
export async function runRow(parts: RowParts, place: Row, stop: AbortSignal): Promise<RowOutcome | undefined> {
  for (let tries = 0; !stop.aborted; tries += 1) {
    // Anew for each try: what stands in the way may last longer than a catalogue.
    const read = readRow(place.line, parts.catalogues.current);
    if ('kind' in read) return read;
    const span = parts.tracer.startSpan('batch row', { attributes: { 'vouch.batch_id': place.batchId, 'vouch.row': place.row } });
    try {
      const { verification } = await parts.lookup.create({
        clientId: place.platform,
        request: read,
        idempotencyKey: keyOf(place),
        freshKey: tries === 0 && performance.now() < place.untouchedUntil,
        refusalId: refusalIdOf(parts, place),
        priority: 'batch',
        trace: span.context,
      });
      return toRowOutcome(verification);
    } catch (thrown) {
      const failure = fromUnknown(thrown);
      span.fail(failure.code);
      if (!failure.retryable) return toFailed(parts, place, failure);
      await pause(waitOf(failure, tries), undefined, { signal: stop }).catch(() => undefined);
    } finally {
      span.end();
    }
  }
  return undefined;
}

/** What a row came to before whoever asked it died; undefined when nothing of it was committed. */
export async function findOutcome(parts: RowParts, place: RowPlace): Promise<RowOutcome | undefined> {
  const verification = await parts.lookup.known(place.platform, keyOf(place), refusalIdOf(parts, place));
  return verification && toRowOutcome(verification);
}

const toRowOutcome = ({ id, status }: Verification): RowOutcome => ({
  kind: 'verification',
  id,
  state: status === 'complete' ? 'done' : status === 'pending' ? 'pending' : 'failed',
});

function readRow(line: string, catalogue: Catalogue): VerificationRequest | RowOutcome {
  if (line === MARKS.row_too_large) return toFault('row_too_large');
  let body: unknown;
  try {
    body = JSON.parse(line);
  } catch {
    return toFault('row_malformed');
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return toFault('row_malformed');
  try {
    return readVerificationRequest(body, catalogue);
  } catch (failure) {
    const { code, faults } = fromUnknown(failure);
    return { ...toFault(code), ...(faults.length > 0 ? { errors: faults.slice(0, BOUNDS.mostFaultsOfARow) } : {}) };
  }
}

const toFault = (code: ErrorCode): Extract<RowOutcome, { kind: 'fault' }> => ({ kind: 'fault', code });

function toFailed({ logger }: RowParts, { batchId, row }: RowPlace, failure: VouchError): RowOutcome {
  if (failure.verificationId !== undefined) return { kind: 'verification', id: failure.verificationId, state: 'failed' };
  if (failure.code === 'internal') logger.error({ batchId, row, code: failure.code, err: failure }, 'a row of a batch failed');
  return toFault(failure.code);
}

// What stands in one row's way stands in all of theirs; they must not come back together.
function waitOf({ retryAfterMs = 0 }: VouchError, tries: number): number {
  const backOff = Math.min(PACE.longestRetryMs, PACE.firstRetryMs * 2 ** Math.min(tries, 10));
  return Math.min(PACE.longestRetryMs, Math.max(retryAfterMs, backOff * (0.5 + Math.random() / 2)));
}
