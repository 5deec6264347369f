import { RetryableError, TerminalError } from '@vouch/errors';
import { describe, expect, it } from 'vitest';
import { accepts } from '../http/accept.js';
import { toPointer } from './faults.js';
import { readIdempotencyKey } from './idempotency-key.js';
import { headersOf, toProblem } from './problem.js';

describe('toProblem', () => {
  it('says nothing of an internal error but a fixed text and the trace', () => {
    const error = new TerminalError('internal', { detail: 'row 375001198802143456', cause: new Error('secret') });
    expect(toProblem(error, 'trace')).toEqual({
      type: 'urn:vouch:error:internal',
      title: 'Something went wrong here',
      status: 500,
      code: 'internal',
      traceId: 'trace',
    });
  });

  it('carries faults and the refused verification', () => {
    const faults = [{ pointer: '/region', code: 'unknown_region', detail: 'There is no such region' }];
    expect(toProblem(new TerminalError('request_invalid', { faults }), 't')).toMatchObject({ status: 400, errors: faults });
    expect(toProblem(new TerminalError('consent_spent', { verificationId: 'v' }), 't')).toMatchObject({ status: 403, verificationId: 'v' });
  });

  it('says when to come again, in whole seconds', () => {
    expect(headersOf(new RetryableError('rate_limited', { retryAfterMs: 1_200 }))).toMatchObject({ 'retry-after': '2' });
    expect(headersOf(new RetryableError('unavailable'))).toMatchObject({ 'retry-after': '1' });
    expect(headersOf(new TerminalError('consent_spent'))['retry-after']).toBeUndefined();
  });
});

it('shows a key in a pointer only when it looks like the name of a field', () => {
  expect(toPointer(['claims', 0, 'parameters', 'minimumShare'])).toBe('/claims/0/parameters/minimumShare');
  expect(toPointer(['subjects', '375001198802143456', '测试'])).toBe('/subjects/?/?');
});

it.each([
  [undefined, true],
  ['*/*', true],
  ['text/html, application/json;q=0.5', true],
  ['application/problem+json', true],
  ['application/json;q=0', false],
  ['text/csv', false],
])('accept %s: %s', (accept, expected) => {
  expect(accepts(accept)).toBe(expected);
});

it.each(['', ' ', 'a\nb', 'x'.repeat(256), '名'])('refuses %j as an idempotency key', (key) => {
  expect(() => readIdempotencyKey(key)).toThrow(expect.objectContaining({ code: 'request_invalid' }));
});
