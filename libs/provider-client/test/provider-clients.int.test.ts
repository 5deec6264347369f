import { silentLogger, silentTracer } from '@vouch/telemetry';
import { expect, it } from 'vitest';
import { createProviderClients } from '../src/provider-clients.js';

// Nobody listens there: a client opens all the same, and says that its provider is away.
const provider = (id: string, address = '127.0.0.1:9') => ({ id, agency: 'tax', address, regions: ['37'] });
const catalogue = (...providers: ReturnType<typeof provider>[]) => ({ providers, claimTypes: [] });
const query = {
  claimType: 'tax.deed-tax-paid',
  claimVersion: 1,
  parametersJson: '{}',
  persons: {},
  platform: 'p',
  purpose: 'q',
  region: '370102',
  actorRef: 'a',
  basisRef: 'b',
  leaseEnd: new Date(Date.now() + 60_000),
};

it('keeps the client of a provider that stays, and closes the others’ only once nobody can need them', async () => {
  await using clients = createProviderClients({ tracer: silentTracer, logger: silentLogger, caller: 'test', closeAfterMs: 50 });
  const [stays, goes, comesBack] = [provider('stays'), provider('goes'), provider('comes-back')];
  const before = [stays, goes, comesBack].map((one) => clients.of(one));
  clients.keep(catalogue({ ...stays, regions: ['3701'] }));
  expect([stays, goes, comesBack].map((one) => clients.of(one))).toEqual(before);
  clients.keep(catalogue(stays, comesBack));
  const call = () => ({ signal: new AbortController().signal, deadline: new Date(Date.now() + 20) });
  const codeOf = async (index: number) => {
    const answer = await before[index]?.check({ ...query, basisRef: String(Math.random()) }, call());
    return answer?.kind === 'fault' ? answer.code : undefined;
  };
  await expect.poll(() => codeOf(1), { timeout: 10_000 }).toBe('hub_stopping');
  expect(await codeOf(0)).not.toBe('hub_stopping');
  expect(await codeOf(2)).not.toBe('hub_stopping');
  expect(clients.of(goes)).not.toBe(before[1]);
  expect([clients.of(stays), clients.of(comesBack)]).toEqual([before[0], before[2]]);
});

it('opens another client for another address', async () => {
  await using clients = createProviderClients({ tracer: silentTracer, logger: silentLogger, caller: 'test' });
  expect(clients.of(provider('one', '127.0.0.1:9'))).not.toBe(clients.of(provider('one', '127.0.0.1:10')));
  expect(clients.of(provider('one'))).toBe(clients.of(provider('one')));
});
