import { loadCatalogue } from '@vouch/catalogue';
import type { ClaimAnswer, ClaimQuery, ProviderClient } from '@vouch/provider-client';
import { beforeAll, describe, expect, test } from 'vitest';
import { createGuardianshipRegister } from './guardianship-register.js';

const finding = (outcome: 'confirmed' | 'refuted' | 'not_found' | 'ambiguous'): ClaimAnswer => ({
  kind: 'finding',
  outcome,
  disclosures: {},
});
const fault: ClaimAnswer = { kind: 'fault', code: 'agency_timeout', retryable: true };

const query = {
  child: { idNumber: 'c', name: 'C' },
  guardian: { idNumber: 'g', name: 'G' },
  platform: 'jinan-enrolment',
  purpose: 'school-enrolment',
  actorRef: 'a',
  basisRef: 'b',
};

describe('the register of guardians', () => {
  let catalogue: Awaited<ReturnType<typeof loadCatalogue>>;
  beforeAll(async () => {
    catalogue = await loadCatalogue();
  });

  const check = async (answer: ClaimAnswer, platform = query.platform) => {
    const asked: ClaimQuery[] = [];
    const client = {
      check: async (claim: ClaimQuery) => {
        asked.push(claim);
        return answer;
      },
    };
    const register = createGuardianshipRegister({
      catalogues: { current: catalogue },
      clients: { of: () => client as unknown as ProviderClient },
    });
    const call = { signal: new AbortController().signal, deadline: new Date(Date.now() + 1000) };
    return { finding: await register.check({ ...query, platform }, call), asked };
  };

  test('confirms only what the police confirm', async () => {
    expect((await check(finding('confirmed'))).finding).toBe('guardian');
    for (const outcome of ['refuted', 'not_found', 'ambiguous'] as const) {
      expect((await check(finding(outcome))).finding).toBe('not_guardian');
    }
  });

  test('does not know when the police cannot be asked', async () => {
    expect((await check(fault)).finding).toBe('unknown');
    expect((await check(finding('confirmed'), 'nobody')).finding).toBe('unknown');
  });

  test('asks about the child, with the guardian, for the platform’s purpose', async () => {
    const { asked } = await check(finding('confirmed'));
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({
      claimType: 'police.guardian-of',
      parametersJson: '{}',
      persons: { subject: query.child, guardian: query.guardian },
      platform: 'jinan-enrolment',
      purpose: 'school-enrolment',
      region: expect.stringMatching(/^\d{6}$/),
    });
  });
});
