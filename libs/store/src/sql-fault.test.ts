import { describe, expect, test } from 'vitest';
import { isConflict, isConnectionLost, isUniqueViolation, sqlStateOf, toStoreError } from './sql-fault.js';

const serverError = (code: string, message: string, more: object = {}) =>
  Object.assign(new Error(message), { severity: 'ERROR', code, ...more });

describe('a failure of the driver', () => {
  test.each(['08006', '40001', '40P01', '53300', '55P03', '57014', '57P01', '57P03', '25P03', '25006'])(
    '%s is unavailable, and may be repeated',
    (code) => {
      expect(toStoreError(serverError(code, 'x'))).toMatchObject({ code: 'unavailable', retryable: true });
    },
  );

  test.each(['23505', '22P02', '42601', '28P01', '3D000', 'XX000'])('%s is terminal', (code) => {
    expect(toStoreError(serverError(code, 'x'))).toMatchObject({ code: 'internal', retryable: false });
  });

  test('without an answer of the server is unavailable, and the connection is lost', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' });
    expect(toStoreError(refused)).toMatchObject({ code: 'unavailable', cause: { message: 'connect ECONNREFUSED 127.0.0.1:1' } });
    expect(isConnectionLost(refused)).toBe(true);
    expect(isConnectionLost(serverError('57P01', 'terminating connection'))).toBe(true);
    expect(isConnectionLost(serverError('57014', 'statement timeout'))).toBe(false);
  });

  test('keeps the names, and drops the values, of what a constraint refused', () => {
    const thrown = serverError('23505', 'duplicate key value', {
      constraint: 'person_key',
      table: 'person',
      detail: 'Key (name)=(王小明) already exists.',
    });
    const failure = toStoreError(thrown);
    expect(sqlStateOf(failure)).toBe('23505');
    expect(isUniqueViolation(failure, 'person_key')).toBe(true);
    expect(isConflict(failure)).toBe(false);
    const texts = [
      failure.message,
      failure.stack,
      String(failure.cause),
      (failure.cause as Error).stack,
      JSON.stringify(failure.cause),
    ].join();
    expect(texts).toContain('person_key');
    expect(texts).not.toContain('王小明');
  });
});
