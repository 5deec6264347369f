import { expect, test } from 'vitest';
import { readConfig } from './config.js';

const env = { DATABASE_URL: 'postgres://localhost/vouch', KAFKA_BROKERS: 'localhost:9092' };

test('the listener binds to loopback unless told otherwise', () => {
  expect(readConfig(env)).toMatchObject({ listen: '127.0.0.1:50073', retentionDays: 1095 });
});

test('every fault is in one message', () => {
  const read = () => readConfig({ VOUCH_AUDIT_PORT: 'x', VOUCH_AUDIT_RETENTION_DAYS: '0' });
  for (const name of ['DATABASE_URL', 'KAFKA_BROKERS', 'VOUCH_AUDIT_PORT', 'VOUCH_AUDIT_RETENTION_DAYS']) expect(read).toThrow(name);
});
