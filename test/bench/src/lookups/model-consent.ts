import { type Credentials, createPersonClient, createPlatformClient } from '@vouch/client';
import { CONSENT_PARTS, type Lookup } from './lookup.js';

/** Where consents are asked for and granted. */
export interface ConsentDesk {
  readonly httpUrl: string;
  readonly tokenEndpoint: string;
  readonly platform: Credentials;
  readonly portal: Credentials;
}

// In a round each consent is used once; over the rounds of a run, and in warm-ups, it is used again.
const MOST_USES = 10_000;

/** Makes a consent as people do: the platform asks, the guardian signs in, is confirmed by the police, and grants. Returns its id. */
export async function makeModelConsent(desk: ConsentDesk, { child, guardian }: Lookup): Promise<string> {
  const platform = createPlatformClient(desk, desk.platform);
  const { body } = await platform.requestConsent({
    purpose: 'school-enrolment',
    claimTypes: CONSENT_PARTS,
    subjects: { child, guardian },
    maxUses: MOST_USES,
  });
  const { body: granted } = await createPersonClient(desk, desk.portal, guardian).grant(body.id);
  if (granted.status !== 'granted') throw new Error(`The model consent is ${granted.status}`);
  return body.id;
}
