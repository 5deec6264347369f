import { type ConsentRequest, type Problem, ProblemError, type Verification, type VerificationRequest } from '@vouch/client';
import { DEMO_CLAIM_TYPES, type DemoFamily } from '@vouch/showcase';
import { eventually } from './eventually.js';
import type { VouchUnderTest } from './vouch-under-test.js';

/** The n-th family that is expected to end so. */
export function familyThat(vouch: VouchUnderTest, expected: DemoFamily['expected'], index = 0): DemoFamily {
  const family = vouch.demo.families.filter((one) => one.expected === expected)[index];
  if (!family) throw new Error(`No family ${index} that is ${expected}`);
  return family;
}

/** A consent request for all claim types of the requirement set. */
export const consentFor = (family: DemoFamily, overrides: Partial<ConsentRequest> = {}): ConsentRequest => ({
  purpose: 'school-enrolment',
  claimTypes: DEMO_CLAIM_TYPES,
  subjects: family.subjects,
  maxUses: 100,
  ...overrides,
});

/** A consent that the family's guardian has granted. */
export async function grantedConsent(vouch: VouchUnderTest, family: DemoFamily, overrides: Partial<ConsentRequest> = {}): Promise<string> {
  const { body } = await vouch.platform().requestConsent(consentFor(family, overrides));
  // The register may still be on its way back from an earlier scenario's fault: retryable, so retry.
  await eventually('the guardian has granted', () => vouch.person(family.guardian).grant(body.id));
  return body.id;
}

/** A lookup of the requirement set on a consent. */
export const lookupOf = (
  vouch: VouchUnderTest,
  family: DemoFamily,
  consentId: string,
  overrides: Partial<VerificationRequest> = {},
): VerificationRequest => ({
  purpose: 'school-enrolment',
  region: vouch.demo.region,
  requirementSet: vouch.demo.requirementSet,
  subjects: family.subjects,
  legalBasis: { type: 'consent', consentId },
  timeBudgetMs: 5_000,
  ...overrides,
});

/** The problem that a call ends with. */
export async function problemOf(call: Promise<unknown>): Promise<Problem> {
  try {
    await call;
  } catch (failure) {
    if (failure instanceof ProblemError) return failure.problem;
    throw failure;
  }
  throw new Error('The call was answered where a refusal was expected');
}

/** Waits for a verification to end. */
export const ended = (vouch: VouchUnderTest, id: string): Promise<Verification> =>
  eventually(`verification ${id} ends`, async () => {
    const { body } = await vouch.platform().verification(id);
    return body.status === 'pending' ? undefined : body;
  });

/** The outcome of each claim type, for claims that appear once. */
export const outcomes = (verification: Verification): Record<string, string> =>
  Object.fromEntries(verification.claims.map((claim) => [claim.type, claim.outcome]));
