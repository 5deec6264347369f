import { type Adapter, type RunningAdapter, startAdapter } from '@vouch/adapter-sdk';
import { createResources } from '@vouch/lifecycle';
import { createPopulation, type Population } from '@vouch/population';
import { startTelemetry, type Telemetry } from '@vouch/telemetry';
import { createAdapter } from './adapter.js';
import type { PoliceConfig } from './config.js';
import { createPoliceRecords } from './records.js';

/** What another process may share with the registry. */
export interface Overrides {
  readonly population?: Population;
  readonly telemetry?: Telemetry;
}

/** The adapter of the police over a population. No I/O. */
export const createPoliceAdapter = (population: Population): Adapter => createAdapter(createPoliceRecords(population));

/** Starts the mocked police registry. */
export async function startPoliceRegistry(config: PoliceConfig, overrides: Overrides = {}): Promise<RunningAdapter> {
  await using resources = createResources();
  const telemetry = overrides.telemetry ?? resources.use(startTelemetry(config.telemetry));
  const population = overrides.population ?? createPopulation(config.population);
  const running = resources.use(
    await startAdapter(createPoliceAdapter(population), {
      address: config.address,
      tracer: telemetry.tracer('@vouch/registry-police'),
      logger: telemetry.logger,
      mock: { controlAddress: config.controlAddress, controlToken: config.controlToken, profile: config.profile },
    }),
  );
  const { address, controlAddress } = running;
  telemetry.logger.info({ address, controlAddress, profile: config.profile }, 'The police registry answers; everybody in it is invented');
  const open = resources.move();
  return { address, controlAddress, [Symbol.asyncDispose]: () => open[Symbol.asyncDispose]() };
}
