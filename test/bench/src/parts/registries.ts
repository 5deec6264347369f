import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createResources } from '@vouch/lifecycle';
import { findFreePort } from '@vouch/local';
import { MockControlServiceService } from '@vouch/proto/mock/v1/mock';
import { dial, type Port } from '@vouch/rpc';
import { silentTracer } from '@vouch/telemetry';
import type { Addresses } from '../driver/queries.js';
import { AGENCIES, type Agency } from '../lookups/lookup.js';
import { mainOf } from '../processes/service-main.js';
import { startProcess } from '../processes/start-process.js';

/** The four registries, each in its own process, the same ones for every row. */
export interface Registries extends AsyncDisposable {
  readonly addresses: Addresses;
  readonly pids: readonly number[];
  /** Latency that is added to each answer, milliseconds. */
  setLatency(ms: number): Promise<void>;
  /** Gets one into trouble, or out of it. */
  setTrouble(agency: Agency, trouble: Trouble): Promise<void>;
  /** Queries that each has received so far. */
  queries(): Promise<Readonly<Record<Agency, number>>>;
}

/** `hung`: it takes queries and never answers; `down`: it takes no connection, and cuts those that it has. */
export type Trouble = 'hung' | 'down' | 'none';

const NO_FAULTS = {
  errorRate: 0,
  errorCode: '',
  hang: false,
  refuseConnections: false,
  quotaPerSecond: 0,
  wrongShape: false,
  quotaPerDay: 0n,
};

type Control = Port<typeof MockControlServiceService>;
const CALL_WITHIN_MS = 5_000;

/** Starts the registries, without latency and without quotas. Whether a query is traced is for its caller to say. */
export async function startRegistries(folder: string, collectorUrl: string, families?: number): Promise<Registries> {
  await using opening = createResources();
  const controlToken = randomBytes(24).toString('base64url');
  const metadata = { authorization: `Bearer ${controlToken}` };
  const call = () => ({ signal: AbortSignal.timeout(CALL_WITHIN_MS) });
  const running = await Promise.all(
    AGENCIES.map(async (agency) => {
      const [port, controlPort] = [await findFreePort(), await findFreePort()];
      const control: Control = opening.use(
        dial(MockControlServiceService, { address: `127.0.0.1:${controlPort}`, tracer: silentTracer, metadata }),
      );
      const started = await startProcess({
        name: `registry-${agency}`,
        script: mainOf(`registry-${agency}`),
        log: join(folder, `registry-${agency}.log`),
        env: {
          VOUCH_REGISTRY_PORT: String(port),
          VOUCH_REGISTRY_CONTROL_PORT: String(controlPort),
          VOUCH_REGISTRY_PROFILE: 'instant',
          VOUCH_MOCK_CONTROL_TOKEN: controlToken,
          VOUCH_LOG_LEVEL: 'warn',
          ...(families !== undefined && { VOUCH_POPULATION_FAMILIES: String(families) }),
          OTEL_EXPORTER_OTLP_ENDPOINT: collectorUrl,
          OTEL_TRACES_SAMPLER: 'parentbased_always_off',
          OTEL_BSP_MAX_QUEUE_SIZE: '65536',
        },
        ready: () => control.getFaults({}, call()).then(() => true),
      });
      opening.use(started);
      return { agency, address: `127.0.0.1:${port}`, control, pid: started.pid };
    }),
  );
  const open = opening.move();
  return {
    addresses: Object.fromEntries(running.map(({ agency, address }) => [agency, address])) as unknown as Addresses,
    pids: running.map(({ pid }) => pid),
    async setLatency(ms) {
      const latency = ms === 0 ? undefined : { p50Ms: ms, p99Ms: ms };
      await Promise.all(running.map(({ control }) => control.setFaults({ faults: { ...NO_FAULTS, latency } }, call())));
    },
    async setTrouble(agency, trouble) {
      const registry = running.find((one) => one.agency === agency);
      const faults = { ...NO_FAULTS, latency: undefined, hang: trouble === 'hung', refuseConnections: trouble === 'down' };
      await registry?.control.setFaults({ faults }, call());
    },
    async queries() {
      const counts = await Promise.all(
        running.map(async ({ agency, control }) => [agency, Number((await control.getFaults({}, call())).queries)] as const),
      );
      return Object.fromEntries(counts) as Record<Agency, number>;
    },
    [Symbol.asyncDispose]: () => open[Symbol.asyncDispose](),
  };
}
