import type { RunningAdapter } from '@vouch/adapter-sdk';
import type { Agency } from '@vouch/catalogue';
import type { Resources } from '@vouch/lifecycle';
import type { Population } from '@vouch/population';
import { startHousingRegistry } from '@vouch/registry-housing';
import { startPoliceRegistry } from '@vouch/registry-police';
import { startSocialSecurityRegistry } from '@vouch/registry-social-security';
import { startTaxRegistry } from '@vouch/registry-tax';
import type { Telemetry, TelemetryConfig } from '@vouch/telemetry';
import type { AllInOneConfig } from './config.js';

/** What the registries share with the process. */
export interface RegistryParts {
  readonly population: Population;
  readonly telemetry: Telemetry;
  readonly telemetryConfig: TelemetryConfig;
  readonly controlToken: string;
}

/** Addresses of the running registries and of their fault controls, by agency. */
export interface Registries {
  readonly addresses: Record<Agency, string>;
  readonly controls: Record<Agency, string>;
}

const STARTERS = [
  ['police', startPoliceRegistry],
  ['housing', startHousingRegistry],
  ['tax', startTaxRegistry],
  ['social-security', startSocialSecurityRegistry],
] as const;

const CONTROL_OFFSET = 100;

/**
 * Starts a mock registry for each agency that has no real one, over one population, each on ports of its own: they are asked over gRPC here
 * as everywhere.
 */
export async function startRegistries(config: AllInOneConfig, parts: RegistryParts, resources: Resources): Promise<Registries> {
  const { population, telemetry, telemetryConfig, controlToken } = parts;
  const at = (offset: number) => `${config.host}:${config.registryPort === 0 ? 0 : config.registryPort + offset}`;
  const running: [Agency, RunningAdapter][] = [];
  for (const [index, [agency, start]] of STARTERS.entries()) {
    if (agency in config.providerAddresses) continue;
    const registry = await start(
      {
        address: at(index),
        controlAddress: at(index + CONTROL_OFFSET),
        controlToken,
        profile: config.profile,
        population: {},
        telemetry: telemetryConfig,
      },
      { population, telemetry },
    );
    running.push([agency, resources.use(registry)]);
  }
  return {
    addresses: Object.fromEntries(running.map(([agency, { address }]) => [agency, address])) as Record<Agency, string>,
    controls: Object.fromEntries(running.map(([agency, { controlAddress }]) => [agency, controlAddress ?? ''])) as Record<Agency, string>,
  };
}
