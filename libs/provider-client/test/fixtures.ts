import { silentLogger, silentTracer } from '@vouch/telemetry';
import { vi } from 'vitest';
import type { CheckCall, ClaimQuery, ProviderClient, ProviderClientOptions } from '../src/index.js';
import { createProviderClient } from '../src/index.js';
import { CLAIM_TYPE } from './test-provider.js';

/** Far longer than any test takes. */
const LONG_MS = 60_000;

export const inMs = (ms: number): Date => new Date(Date.now() + ms);

// Each on a basis of its own: the same question on the same basis is asked once.
let bases = 0;

export const toClaimQuery = (changes: Partial<ClaimQuery> = {}): ClaimQuery => ({
  claimType: CLAIM_TYPE,
  claimVersion: 1,
  parametersJson: '{"region":"370102"}',
  persons: { subject: { idNumber: '375001199001010011', name: '王小明' } },
  platform: 'jinan-enrolment',
  purpose: 'school-enrolment',
  region: '370102',
  actorRef: 'actor',
  basisRef: `basis-${++bases}`,
  leaseEnd: inMs(LONG_MS),
  ...changes,
});

export const patiently = (): CheckCall => ({ signal: new AbortController().signal, deadline: inMs(LONG_MS) });
export const withinMs = (ms: number): CheckCall => ({ signal: new AbortController().signal, deadline: inMs(ms) });

export const toClient = (address: string, changes: Partial<ProviderClientOptions> = {}): ProviderClient =>
  createProviderClient({ id: 'tax-shandong', agency: 'tax', address, tracer: silentTracer, logger: silentLogger, ...changes });

/** Resolves when the client can be asked (again). */
export function healthy(client: ProviderClient): Promise<void> {
  if (client.healthy) return Promise.resolve();
  return new Promise((resolve) => {
    const leave = client.onHealthy(() => {
      leave();
      resolve();
    });
  });
}

export const confirmed = { kind: 'finding', outcome: 'confirmed', asOf: '2026-08-31', disclosures: {} };

export const faulty = (code: string) => ({ kind: 'fault', code });

/** Waits for a condition. */
export const until = (condition: () => void): Promise<void> => vi.waitFor(condition, { timeout: 30_000, interval: 5 });
