import { setMaxListeners } from 'node:events';
import type { Agency, Catalogue, ClaimType } from '@vouch/catalogue';
import { type Answer, Combine, DisclosureKind, EvidenceProviderService, type Query } from '@vouch/proto/evidence/v1/evidence';
import { type GrpcServer, served, startGrpcServer } from '@vouch/rpc';
import { silentLogger, silentTracer } from '@vouch/telemetry';

/** What a provider is told to answer. `hang`: nothing, until it is told otherwise; a function is asked for each query. */
export type Script = Answer['result'] | 'hang' | ((query: Query) => Promise<Answer['result']>);

/** A real gRPC provider of one agency, which answers as it is told. */
export interface ScriptedProvider extends AsyncDisposable {
  readonly address: string;
  /** Queries received, by claim type. */
  readonly asked: Map<string, number>;
  /** Queries received, by the ID number of the person whom they are about. */
  readonly askedAbout: Map<string, number>;
  /** Answers one claim type so from now on; the rest is confirmed. */
  answer(claimType: string, script: Script): void;
  /** Queries a day that it allows, told to those who connect from now on; 0: as many as there are. */
  allow(perDay: number): void;
}

const KINDS = {
  integer: DisclosureKind.INTEGER,
  boolean: DisclosureKind.BOOLEAN,
  date: DisclosureKind.DATE,
  code: DisclosureKind.CODE,
} as const;

/** A finding to script. */
export const finding = (outcome: number): Script => ({ $case: 'finding', value: { outcome, asOf: '2026-08-30', disclosures: {} } });
/** A fault to script. */
export const fault = (code: string, retryable: boolean): Script => ({ $case: 'fault', value: { code, retryable, retryAfterMs: 0 } });

/** Starts a provider of an agency that answers the catalogue's claim types; on a free port unless an address is given. */
export async function startProvider(agency: Agency, catalogue: Catalogue, address = '127.0.0.1:0'): Promise<ScriptedProvider> {
  const scripts = new Map<string, Script>();
  const asked = new Map<string, number>();
  const askedAbout = new Map<string, number>();
  let perDay = 0;
  const answer = async (query: Query, signal: AbortSignal): Promise<Answer> => {
    asked.set(query.claimType, (asked.get(query.claimType) ?? 0) + 1);
    const { idNumber = '' } = query.persons.subject ?? {};
    askedAbout.set(idNumber, (askedAbout.get(idNumber) ?? 0) + 1);
    const script = scripts.get(query.claimType) ?? finding(1);
    if (typeof script === 'function') return { queryId: query.id, result: await script(query) };
    setMaxListeners(0, signal);
    if (script === 'hang') await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    return { queryId: query.id, result: script === 'hang' ? undefined : script };
  };
  const server: GrpcServer = await startGrpcServer({
    address,
    tracer: silentTracer,
    logger: silentLogger,
    drainMs: 100,
    services: [
      served(EvidenceProviderService, {
        describe: async () => ({
          agency,
          claimTypes: catalogue.claimTypes.filter((one) => one.agency === agency).map(describe),
          regions: ['37'],
          largestBatch: 100,
          quotaPerSecond: 0,
          quotaPerDay: BigInt(perDay),
          streams: false,
          initialWindow: 0,
        }),
        check: async ({ queries }, { signal }) => ({ answers: await Promise.all(queries.map((query) => answer(query, signal))) }),
        async *checkStream() {},
        async *watch() {},
      }),
    ],
  });
  return {
    address: server.address,
    asked,
    askedAbout,
    answer: (claimType, script) => void scripts.set(claimType, script),
    allow(queries) {
      perDay = queries;
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

const describe = ({ name, version, parametersSchema, disclosures, routing, involves }: ClaimType) => ({
  name,
  version,
  parametersSchemaJson: JSON.stringify(parametersSchema),
  disclosures: Object.fromEntries(Object.entries(disclosures).map(([key, kind]) => [key, KINDS[kind]])),
  routing: { regionParameter: routing.regionParameter ?? '', combine: routing.combine === 'any' ? Combine.ANY : Combine.ALL },
  involves: [...involves],
});
