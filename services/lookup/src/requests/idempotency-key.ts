import { TerminalError } from '@vouch/errors';

const KEY = /^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/;

/** Reads an idempotency key: 1 to 255 printable ASCII characters. Undefined when absent; throws `request_invalid` for anything else. */
export function readIdempotencyKey(header: string | readonly string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  if (typeof header === 'string' && KEY.test(header)) return header;
  throw new TerminalError('request_invalid', { detail: 'The header idempotency-key must have 1 to 255 printable ASCII characters' });
}
