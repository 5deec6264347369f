import { expect, it } from 'vitest';
import { z } from 'zod';
import { providerVariables, toProviderAddresses } from './provider-addresses.js';

it('reads addresses by agency and by provider id', () => {
  const variables = { VOUCH_PROVIDER_SOCIAL_SECURITY: 'a:1', VOUCH_PROVIDER_TAX_SHANDONG: 'b:2', VOUCH_KEY_FILE: 'keys.json' };
  expect(toProviderAddresses(z.object(providerVariables(variables)).parse(variables))).toEqual({
    'social-security': 'a:1',
    'tax-shandong': 'b:2',
  });
});

it('names the variable whose address is none', () => {
  const variables = { VOUCH_PROVIDER_TAX: 'nowhere' };
  const { error } = z.object(providerVariables(variables)).safeParse(variables);
  expect(error?.issues.map(({ path, message }) => [path, message])).toEqual([[['VOUCH_PROVIDER_TAX'], 'must be host:port']]);
});
