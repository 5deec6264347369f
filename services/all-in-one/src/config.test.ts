import { expect, it } from 'vitest';
import { readConfig } from './config.js';

it('starts without any variable', () => {
  expect(readConfig({}, false)).toMatchObject({ httpPort: 8080, databaseUrl: undefined, kafkaBrokers: undefined, prettyLogs: false });
});

it('names every variable at fault in one message', () => {
  expect(() => readConfig({ VOUCH_HTTP_PORT: 'eighty', VOUCH_REGISTRY_PROFILE: 'slow' }, false)).toThrow(
    /VOUCH_HTTP_PORT[\s\S]*VOUCH_REGISTRY_PROFILE/,
  );
});

it('refuses the development issuer in production, and takes a real one', () => {
  expect(() => readConfig({ VOUCH_ENV: 'production' }, false)).toThrow(/VOUCH_ISSUER/);
  expect(readConfig({ VOUCH_ENV: 'production', VOUCH_ISSUER: 'https://login.example.gov' }, false).production).toBe(true);
});

it('takes the addresses of real registries', () => {
  expect(readConfig({ VOUCH_PROVIDER_SOCIAL_SECURITY: '10.0.0.5:443' }, false).providerAddresses).toEqual({
    'social-security': '10.0.0.5:443',
  });
  expect(() => readConfig({ VOUCH_PROVIDER_TAX: 'nowhere' }, false)).toThrow(/VOUCH_PROVIDER_TAX/);
});
