import { loadCatalogue } from '@vouch/catalogue';
import type { CheckCall, ProviderClient } from '@vouch/provider-client';
import { expect, it } from 'vitest';
import { createFanOut } from './fan-out.js';
import { NEVER } from './never.js';

it('tells each provider whether a person waits', async () => {
  const catalogue = await loadCatalogue();
  const calls: CheckCall[] = [];
  const client = {
    healthy: true,
    check: async (_query, call) => {
      calls.push(call);
      return { kind: 'finding', outcome: 'confirmed', disclosures: {} };
    },
  } as Partial<ProviderClient> as ProviderClient;
  const fanOut = createFanOut({ of: () => client });
  const claims = [
    { type: 'police.guardian-of', version: 1, agency: 'police', subject: 'child', with: { guardian: 'guardian' }, parameters: {} },
  ];
  const context = {
    catalogue,
    platform: 'jinan-enrolment',
    purpose: 'school-enrolment',
    region: '370102',
    basisRef: 'basis',
    leaseEnd: new Date(),
    people: {},
    deadline: new Date(),
    signal: NEVER,
  };
  await fanOut.ask(claims, context);
  await fanOut.ask(claims, { ...context, priority: 'batch' });
  expect(calls.map(({ priority }) => priority ?? 'interactive')).toEqual(['interactive', 'batch']);
});
