import { TerminalError } from '@vouch/errors';
import { FAULTS, toOutsideFault } from './faults.js';

const KEY = /^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/;

/** Reads an idempotency key: 1 to 255 printable ASCII characters. Undefined when absent; throws `request_invalid` for anything else. */
export function readIdempotencyKey(header: string | readonly string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  if (typeof header === 'string' && KEY.test(header)) return header;
  const code = 'idempotency_key_malformed';
  throw new TerminalError('request_invalid', { detail: FAULTS[code], faults: [toOutsideFault('header/idempotency-key', code)] });
}
