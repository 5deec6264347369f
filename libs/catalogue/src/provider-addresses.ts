import { z } from 'zod';

const PREFIX = 'VOUCH_PROVIDER_';

const address = z.string().regex(/^.+:\d+$/, 'must be host:port');

/**
 * Schemas of the variables in an environment that give providers' addresses (`host:port`): `VOUCH_PROVIDER_` and an agency or a provider's id
 * in capitals, underscores for dashes. To extend a configuration's schema with, so that it names their faults together with its others.
 */
export function providerVariables(env: NodeJS.ProcessEnv): Record<`VOUCH_PROVIDER_${string}`, typeof address> {
  return Object.fromEntries(Object.keys(env).flatMap((name) => (name.startsWith(PREFIX) ? [[name, address]] : [])));
}

/** The addresses in variables that were found without fault, by agency or provider id. */
export function toProviderAddresses(variables: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables)
      .filter((entry): entry is [string, string] => entry[0].startsWith(PREFIX) && typeof entry[1] === 'string')
      .map(([name, address]) => [name.slice(PREFIX.length).toLowerCase().replaceAll('_', '-'), address]),
  );
}
