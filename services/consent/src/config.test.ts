import { expect, test } from 'vitest';
import { readConfig } from './config.js';

const env = { DATABASE_URL: 'postgres://localhost/vouch', KAFKA_BROKERS: 'localhost:9092' };

test('listeners bind to loopback unless told otherwise', () => {
  expect(readConfig(env).listen).toEqual({ consent: '127.0.0.1:50071', redemption: '127.0.0.1:50072' });
  expect(readConfig({ ...env, VOUCH_BIND_HOST: '0.0.0.0', VOUCH_CONSENT_PORT: '0' }).listen?.consent).toBe('0.0.0.0:0');
});

test('every fault is in one message', () => {
  const read = () => readConfig({ VOUCH_CONSENT_PORT: 'x', VOUCH_PROVIDER_POLICE: 'nowhere' });
  for (const name of ['DATABASE_URL', 'KAFKA_BROKERS', 'VOUCH_CONSENT_PORT', 'VOUCH_PROVIDER_POLICE']) expect(read).toThrow(name);
});
