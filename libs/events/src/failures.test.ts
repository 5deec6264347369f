import { RetryableError, TerminalError } from '@vouch/errors';
import { describe, expect, test } from 'vitest';
import { UndecodableError } from './envelope.js';
import { kindOf, reasonOf } from './failures.js';

const system = (code: string) => Object.assign(new Error('broken'), { code });

describe('a failure of a handler', () => {
  test.each([
    ['transient', new RetryableError('unavailable')],
    ['transient', new RetryableError('internal')],
    ['transient', system('ECONNREFUSED')],
    ['transient', system('ETIMEDOUT')],
    ['transient', new Error('wrapped', { cause: system('EPIPE') })],
    ['terminal', new TerminalError('request_invalid')],
    ['terminal', new UndecodableError('no event')],
    ['unclear', new TerminalError('internal')],
    ['unclear', new TypeError('a bug')],
    ['unclear', system('23505')],
    ['unclear', system('ERR_INVALID_ARG_TYPE')],
    ['unclear', 'thrown text'],
    ['unclear', undefined],
  ])('is %s: %s', (kind, thrown) => {
    expect(kindOf(thrown)).toBe(kind);
  });

  test('is told without its cause or an unknown text', () => {
    expect(reasonOf(new TerminalError('request_invalid', { cause: new Error('secret') }))).toEqual({
      code: 'request_invalid',
      reason: 'The request has faults, listed in errors',
    });
    expect(reasonOf(new TypeError('secret'))).toEqual({ code: 'internal', reason: 'The handler failed again and again' });
    expect(reasonOf(new UndecodableError('The value is not JSON'))).toEqual({ code: 'undecodable', reason: 'The value is not JSON' });
  });
});
