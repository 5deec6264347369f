import { describe, expect, it } from 'vitest';
import { ERROR_CODES, type ErrorCode, meaningOf } from './codes.js';
import { fromUnknown, RetryableError, TerminalError, toVouchError } from './vouch-error.js';

describe('toVouchError', () => {
  it.each(Object.keys(ERROR_CODES) as ErrorCode[])('makes %s of the kind that its code says', (code) => {
    const error = toVouchError(code);
    expect(error.retryable).toBe(meaningOf(code).retryable === true);
    expect(error).toBeInstanceOf(error.retryable ? RetryableError : TerminalError);
    expect(error.message).toBe(`[${code}] ${meaningOf(code).title}`);
  });
});

describe('fromUnknown', () => {
  it('keeps our own errors', () => {
    const error = new TerminalError('consent_spent');
    expect(fromUnknown(error)).toBe(error);
  });

  it('hides what a stranger threw behind a fixed text', () => {
    const error = fromUnknown(new Error('duplicate key value (110101199003074514)'));
    expect(error.code).toBe('internal');
    expect(error.message).not.toContain('110101');
    expect(error.detail).not.toContain('110101');
  });
});

it('marks as retryable only what is 409, 429 or 503', () => {
  for (const [code, meaning] of Object.entries(ERROR_CODES)) {
    if ('retryable' in meaning) expect([409, 429, 503], code).toContain(meaning.http);
  }
});
