import type { Credentials } from '@vouch/client';
import type { Population } from '@vouch/population';
import { ensureDemoConsent } from './demo-consent.js';
import { type DemoFile, writeDemoFile } from './demo-file.js';
import { findDemoFamilies } from './families.js';
import { toGreeting } from './greeting.js';

/** Platform that the printed commands use, another that sees none of its things, and one that asks by statutory duty. */
const DEMO_PLATFORM = 'jinan-enrolment';
const OTHER_PLATFORM = 'qingdao-enrolment';
const OFFICE = 'shandong-education-office';

/** A Vouch that has just started. */
export interface Started
  extends Pick<DemoFile, 'httpUrl' | 'lookupGrpcAddress' | 'registries' | 'registryControls' | 'mockControlToken' | 'traces' | 'mode'> {
  readonly dataDir: string;
  readonly tokenEndpoint: string;
  /** Secret of a client of the development issuer. */
  readonly secretOf: (clientId: string) => string;
  /** Client of the development issuer through which people sign in, and how. */
  readonly portal: { readonly clientId: string; readonly how: string };
  readonly population: Population;
  /** What the reader must know, such as that a power cut loses data. */
  readonly notes: readonly string[];
  readonly print: (text: string) => void;
}

/** Makes a started Vouch easy to try: a granted consent, `demo.json`, and two commands that work as printed. */
export async function welcome(started: Started): Promise<DemoFile> {
  const { dataDir, notes, print, population, portal, secretOf } = started;
  const credentials = (clientId: string): Credentials => ({ clientId, clientSecret: secretOf(clientId) });
  const families = findDemoFamilies(population);
  const [family] = families;
  if (!family) throw new Error('The population has no family to show; it is too small');
  const platform = credentials(DEMO_PLATFORM);
  const consentId = await ensureDemoConsent({ endpoint: started, platform, portal: credentials(portal.clientId), family });
  const demo: DemoFile = {
    mode: started.mode,
    httpUrl: started.httpUrl,
    lookupGrpcAddress: started.lookupGrpcAddress,
    registries: started.registries,
    registryControls: started.registryControls,
    mockControlToken: started.mockControlToken,
    tokenEndpoint: started.tokenEndpoint,
    platform,
    otherPlatform: credentials(OTHER_PLATFORM),
    office: credentials(OFFICE),
    guardian: { ...credentials(portal.clientId), how: portal.how },
    region: '370102',
    requirementSet: '370102/primary/2026',
    consentId,
    families,
    ...(started.traces !== undefined && { traces: started.traces }),
  };
  const file = await writeDemoFile(dataDir, demo);
  print(toGreeting(demo, file, notes));
  return demo;
}
