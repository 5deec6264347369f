import { type Credentials, createPersonClient, createPlatformClient, type Endpoint } from '@vouch/client';
import type { DemoFamily } from './demo-file.js';

/** Claim types of the demonstration's requirement set, by whom they are about or involve. */
export const DEMO_CLAIM_TYPES = [
  { type: 'police.guardian-of', subjects: ['child', 'guardian'] },
  { type: 'police.household-registered', subjects: ['child', 'guardian'] },
  { type: 'police.residence-permit', subjects: ['guardian'] },
  { type: 'housing.owns-home', subjects: ['guardian'] },
  { type: 'housing.registered-lease', subjects: ['guardian'] },
  { type: 'tax.deed-tax-paid', subjects: ['guardian'] },
  { type: 'social-security.insured-months', subjects: ['guardian'] },
] as const;

/** What is needed to make a consent as its people would. */
export interface DemoConsentOptions {
  readonly endpoint: Endpoint;
  readonly platform: Credentials;
  readonly portal: Credentials;
  readonly family: DemoFamily;
}

/**
 * A consent of a family, requested by the platform and granted by the guardian over the API, good for a year and 1000 lookups.
 * Asked again, on a later start, it is the same one as long as it holds.
 */
export async function ensureDemoConsent({ endpoint, platform, portal, family }: DemoConsentOptions): Promise<string> {
  const day = new Date().toISOString().slice(0, 10);
  const until = new Date(Date.parse(day) + 365 * 86_400_000).toISOString();
  const request = {
    purpose: 'school-enrolment',
    claimTypes: DEMO_CLAIM_TYPES,
    subjects: family.subjects,
    validUntil: until,
    maxUses: 1000,
  };
  const asking = createPlatformClient(endpoint, platform);
  for (let attempt = 1; ; attempt += 1) {
    const { body: consent } = await asking.requestConsent(request, { idempotencyKey: `demo-consent-${day}-${attempt}` });
    if (consent.status === 'granted') return consent.id;
    if (consent.status !== 'requested') continue; // withdrawn or spent by somebody who tried that: the next one
    await createPersonClient(endpoint, portal, family.guardian).grant(consent.id);
    return consent.id;
  }
}
