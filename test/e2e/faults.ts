import type { Claim } from '@vouch/client';
import { Faults, MockControlServiceService, SetFaultsRequest } from '@vouch/proto/mock/v1/mock';
import { dial } from '@vouch/rpc';
import { silentTracer } from '@vouch/telemetry';
import { eventually } from './eventually.js';
import { familyThat } from './lookups.js';
import type { VouchUnderTest } from './vouch-under-test.js';

/** Something harmless to ask of each agency, to see that it answers. */
const PROBES: Readonly<Record<string, Claim>> = {
  police: { type: 'police.age-on', subject: 'guardian', parameters: { at: '2026-08-31', years: 18 } },
  housing: { type: 'housing.owns-home', subject: 'guardian', parameters: { region: '370102' } },
  tax: { type: 'tax.business-active', subject: 'guardian', parameters: { region: '370102', at: '2026-08-31' } },
  'social-security': { type: 'social-security.employed-in', subject: 'guardian', parameters: { region: '370102', at: '2026-08-31' } },
};

/** Waits until Vouch has noticed, by itself, that an agency is back. */
async function recovered(vouch: VouchUnderTest, agency: string): Promise<void> {
  const probe = PROBES[agency];
  const guardian = familyThat(vouch, 'met').guardian;
  await eventually(`${agency} is back`, async () => {
    const { body } = await vouch.platform(vouch.demo.office).verify({
      purpose: 'school-enrolment',
      region: vouch.demo.region,
      claims: probe ? [probe] : [],
      subjects: { guardian },
      legalBasis: { type: 'statutory_duty' },
      timeBudgetMs: 1_000,
    });
    return body.status === 'complete';
  });
}

/** Runs something while a registry misbehaves; then heals the registry, whatever came of it, and waits until Vouch has noticed. */
export async function withFaults<T>(vouch: VouchUnderTest, agency: string, faults: Partial<Faults>, work: () => Promise<T>): Promise<T> {
  await setFaults(vouch, agency, faults);
  try {
    return await work();
  } finally {
    await setFaults(vouch, agency, {});
    await recovered(vouch, agency);
  }
}

/** Replaces the faults of a registry. */
export async function setFaults(vouch: VouchUnderTest, agency: string, faults: Partial<Faults>): Promise<void> {
  const { registryControls, mockControlToken } = vouch.demo;
  await using control = dial(MockControlServiceService, {
    address: registryControls[agency] ?? '',
    tracer: silentTracer,
    metadata: { authorization: `Bearer ${mockControlToken}` },
  });
  await control.setFaults(SetFaultsRequest.create({ faults: Faults.fromPartial(faults) }), { signal: AbortSignal.timeout(10_000) });
}
