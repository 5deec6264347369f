import { expect, it } from 'vitest';
import { readConfig } from './config.js';

const TOKEN = 'a-control-token-for-tests';

it('listens on loopback unless told otherwise', () => {
  expect(readConfig({ VOUCH_MOCK_CONTROL_TOKEN: TOKEN })).toMatchObject({
    address: '127.0.0.1:50063',
    controlAddress: '127.0.0.1:50163',
    controlToken: TOKEN,
    profile: 'realistic',
  });
});

it('names every variable at fault in one message', () => {
  const faulty = { VOUCH_REGISTRY_PORT: 'x', VOUCH_REGISTRY_PROFILE: 'lazy', VOUCH_POPULATION_TODAY: '31 August' };
  const names = [...Object.keys(faulty), 'VOUCH_MOCK_CONTROL_TOKEN'];
  expect(() => readConfig(faulty)).toThrow(new RegExp(names.map((name) => `(?=[^]*${name})`).join('')));
});
