import { fileURLToPath } from 'node:url';
import type { ServiceProcess } from './supervisor.js';

/** Addresses of everything that the services talk to. */
export interface Wiring {
  readonly dataDir: string;
  readonly traces: string;
  readonly databaseUrl: string;
  readonly kafkaBrokers: string;
  readonly issuer: string;
  readonly keyFile: string;
  readonly mockControlToken: string;
  readonly httpPort: number;
  readonly grpcPort: number;
  readonly ports: Readonly<Record<'consent' | 'redemption' | 'audit' | `registry-${Agency}` | `control-${Agency}`, number>>;
  readonly inherited: Readonly<Record<string, string>>;
}

/** The agencies with a mock registry. */
export const AGENCIES = ['police', 'housing', 'tax', 'social-security'] as const;
type Agency = (typeof AGENCIES)[number];

const local = (port: number) => `127.0.0.1:${port}`;
const mainOf = (service: string) => fileURLToPath(new URL(`../../../../services/${service}/dist/main.js`, import.meta.url));
const variableOf = (agency: Agency) => `VOUCH_PROVIDER_${agency.toUpperCase().replaceAll('-', '_')}`;

/** Every service with its environment, registries first and the edge last. */
export function toServiceProcesses(wiring: Wiring): ServiceProcess[] {
  const { ports } = wiring;
  const common = { VOUCH_REGISTRY_PROFILE: 'brisk', ...wiring.inherited, VOUCH_TRACE_DIR: wiring.traces, VOUCH_DATA_DIR: wiring.dataDir };
  const hub = {
    ...common,
    DATABASE_URL: wiring.databaseUrl,
    KAFKA_BROKERS: wiring.kafkaBrokers,
    VOUCH_KEY_FILE: wiring.keyFile,
    ...Object.fromEntries(AGENCIES.map((agency) => [variableOf(agency), local(ports[`registry-${agency}`])])),
  };
  const service = (name: string, env: Record<string, string>): ServiceProcess => ({
    name,
    script: mainOf(name),
    // One instance of each here: the next process of a name goes on with its leases.
    env: { ...env, VOUCH_INSTANCE_ID: name },
  });
  return [
    ...AGENCIES.map((agency) =>
      service(`registry-${agency}`, {
        ...common,
        VOUCH_REGISTRY_PORT: String(ports[`registry-${agency}`]),
        VOUCH_REGISTRY_CONTROL_PORT: String(ports[`control-${agency}`]),
        VOUCH_MOCK_CONTROL_TOKEN: wiring.mockControlToken,
      }),
    ),
    service('audit', { ...hub, VOUCH_AUDIT_PORT: String(ports.audit) }),
    service('consent', { ...hub, VOUCH_CONSENT_PORT: String(ports.consent), VOUCH_REDEMPTION_PORT: String(ports.redemption) }),
    service('lookup', {
      ...hub,
      VOUCH_HTTP_PORT: String(wiring.httpPort),
      VOUCH_GRPC_PORT: String(wiring.grpcPort),
      VOUCH_ISSUER: wiring.issuer,
      VOUCH_CONSENT_ADDRESS: local(ports.consent),
      VOUCH_REDEMPTION_ADDRESS: local(ports.redemption),
      VOUCH_AUDIT_ADDRESS: local(ports.audit),
    }),
  ];
}
