import { type Adapter, type RunningAdapter, startAdapter } from '@vouch/adapter-sdk';
import { createResources } from '@vouch/lifecycle';
import { createPopulation, type Population } from '@vouch/population';
import { startTelemetry, type Telemetry } from '@vouch/telemetry';
import { createAdapter } from './adapter.js';
import type { HousingConfig } from './config.js';
import { createHousingRecords } from './records.js';

/** What another process may share with the registry. */
export interface Overrides {
  readonly population?: Population;
  readonly telemetry?: Telemetry;
}

/** The adapter of housing over a population. No I/O. */
export const createHousingAdapter = (population: Population): Adapter => createAdapter(createHousingRecords(population));

/** Starts the mocked housing registry. */
export async function startHousingRegistry(config: HousingConfig, overrides: Overrides = {}): Promise<RunningAdapter> {
  await using resources = createResources();
  const telemetry = overrides.telemetry ?? resources.use(startTelemetry(config.telemetry));
  const population = overrides.population ?? createPopulation(config.population);
  const running = resources.use(
    await startAdapter(createHousingAdapter(population), {
      address: config.address,
      tracer: telemetry.tracer('@vouch/registry-housing'),
      logger: telemetry.logger,
      mock: { controlAddress: config.controlAddress, controlToken: config.controlToken, profile: config.profile },
    }),
  );
  const { address, controlAddress } = running;
  telemetry.logger.info({ address, controlAddress, profile: config.profile }, 'The housing registry answers; everybody in it is invented');
  const open = resources.move();
  return { address, controlAddress, [Symbol.asyncDispose]: () => open[Symbol.asyncDispose]() };
}
