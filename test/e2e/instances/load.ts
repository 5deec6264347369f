import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import {
  createBatchClient,
  createPersonClient,
  createPlatformClient,
  createTokenSource,
  type Verification,
  type VerificationRequest,
} from '@vouch/client';
import { CreateVerificationRequest, LookupServiceService } from '@vouch/proto/lookup/v1/lookup';
import { dial } from '@vouch/rpc';
import { DEMO_CLAIM_TYPES, type DemoFamily } from '@vouch/showcase';
import { createTraceId, silentTracer } from '@vouch/telemetry';
import { eventually } from '../eventually.js';
import type { Instances } from './start-instances.js';

/** One lookup that was answered. */
export interface Answered {
  readonly id: string;
  readonly trace: string;
}

/** A batch that was handed in. */
export interface BatchUnderWay {
  /** Resolves when every row has been asked. */
  ended(): Promise<unknown>;
  results(): Promise<readonly BatchResult[]>;
}

/** What a row of a batch came to. */
export interface BatchResult {
  readonly row: number;
  readonly status: string;
  readonly verificationId?: string;
}

/** Callers of several kinds that go on until they are told to stop. */
export interface Load {
  readonly answered: readonly Answered[];
  /** Whatever was not answered as it should have been. */
  readonly failures: readonly string[];
  /** Resolves once each caller has had so many more answers. */
  more(count: number): Promise<void>;
  /** Hands in a batch of so many rows; resolves once it is taken. */
  batch(rows: number): Promise<BatchUnderWay>;
  /** Resolves when no call is under way. */
  stop(): Promise<void>;
}

// Each caller's pace: together they ask some fifty lookups a second.
const EVERY_MS = 140;

// A call that is never answered is a failure like any other, and must not hold up the test.
const LONGEST_ANSWER_MS = 60_000;

type Caller = (family: DemoFamily, traceparent: string) => Promise<string>;

/** Starts the load: users of the client library who know every instance, plain callers behind a balancer, and one over gRPC. */
export async function startLoad(vouch: Instances, balancer: string): Promise<Load> {
  const { demo, edges } = vouch;
  const families = demo.families.filter(({ expected }) => expected === 'met');
  const endpoint = { httpUrl: edges, tokenEndpoint: demo.tokenEndpoint };
  const library = createPlatformClient(endpoint, demo.platform);
  const consentOf = async (family: DemoFamily, maxUses: number): Promise<string> => {
    const { child, guardian } = family;
    const request = { purpose: 'school-enrolment', claimTypes: DEMO_CLAIM_TYPES, subjects: { child, guardian }, maxUses };
    const { body } = await library.requestConsent(request);
    await createPersonClient(endpoint, demo.guardian, guardian).grant(body.id);
    return body.id;
  };
  const consents = new Map<DemoFamily, string>();
  for (const family of families) consents.set(family, await consentOf(family, 10_000));
  const requestOf = (family: DemoFamily, consentId = consents.get(family) ?? ''): VerificationRequest => ({
    purpose: 'school-enrolment',
    region: demo.region,
    requirementSet: demo.requirementSet,
    subjects: family.subjects,
    legalBasis: { type: 'consent', consentId },
    timeBudgetMs: 5_000,
  });

  const viaLibrary: Caller = async (family, traceparent) => (await library.verify(requestOf(family), { traceparent })).body.id;
  // A family's whole way: its consent is asked for and granted, and used once.
  const wholeWay: Caller = async (family, traceparent) =>
    (await library.verify(requestOf(family, await consentOf(family, 1)), { traceparent })).body.id;
  // No idempotency key, nothing repeated: as the simplest platform would.
  const viaBalancer: Caller = async (family, traceparent) => {
    const headers = { authorization: `Bearer ${await library.token()}`, 'content-type': 'application/json', traceparent };
    const answer = await fetch(`${balancer}/v1/verifications`, { method: 'POST', headers, body: JSON.stringify(requestOf(family)) });
    const text = await answer.text();
    if (answer.status !== 200 && answer.status !== 202) throw new Error(`${answer.status} ${text}`);
    return (JSON.parse(text) as Verification).id;
  };
  const port = dial(LookupServiceService, { address: vouch.grpc.join(','), tracer: silentTracer });
  const token = createTokenSource(demo.tokenEndpoint, demo.platform, { grant_type: 'client_credentials' });
  const viaGrpc: Caller = async (family, traceparent) => {
    const { legalBasis, purpose, region } = requestOf(family);
    const consentId = legalBasis.type === 'consent' ? legalBasis.consentId : '';
    const [, traceId = '', spanId = ''] = traceparent.split('-');
    const { verification } = await port.createVerification(
      CreateVerificationRequest.create({
        purpose,
        region,
        requirementSet: demo.requirementSet,
        subjects: { ...family.subjects },
        legalBasis: { basis: { $case: 'consentId', value: consentId } },
        timeBudgetMs: 5_000,
      }),
      {
        signal: AbortSignal.timeout(20_000),
        metadata: { authorization: `Bearer ${await token()}` },
        trace: { traceId, spanId, sampled: true },
      },
    );
    return verification?.id ?? '';
  };

  const batches = createBatchClient(edges, library.token);
  async function batch(count: number): Promise<BatchUnderWay> {
    const lines = Array.from(
      { length: count },
      (_, row) => `${JSON.stringify(requestOf(families[row % families.length] as DemoFamily))}\n`,
    );
    const rows = Readable.from(lines.map((line) => Buffer.from(line)));
    const { id } = await batches.submit({ rows, format: 'ndjson', gzip: false, idempotencyKey: randomUUID() });
    return {
      ended: () => eventually('the batch ends', async () => (await batches.read(id)).status === 'complete', LONGEST_ANSWER_MS),
      async results() {
        const results: BatchResult[] = [];
        const body = Readable.from(await batches.results(id, { format: 'ndjson', after: 0 }));
        for await (const line of createInterface({ input: body })) results.push(JSON.parse(line) as BatchResult);
        return results;
      },
    };
  }

  const answered: Answered[] = [];
  const failures: string[] = [];
  let listeners: (() => void)[] = [];
  const counts: number[] = [];
  let over = false;

  async function run(name: string, caller: Caller, index: number): Promise<void> {
    for (let turn = index; !over; turn += 1) {
      const startedAt = performance.now();
      const trace = createTraceId();
      const family = families[turn % families.length] as DemoFamily;
      try {
        answered.push({ id: await inTime(caller(family, `00-${trace}-a1b2c3d4e5f60718-01`)), trace });
      } catch (failure) {
        failures.push(`${name}: ${failure instanceof Error ? `${failure.message} ${failure.cause ?? ''}` : failure}`);
      }
      counts[index] = (counts[index] ?? 0) + 1;
      for (const listener of listeners) listener();
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, startedAt + EVERY_MS - performance.now())));
    }
  }

  const kinds: [string, Caller][] = [
    ['library', viaLibrary],
    ['library', viaLibrary],
    ['whole way', wholeWay],
    ['balancer', viaBalancer],
    ['balancer', viaBalancer],
    ['balancer', viaBalancer],
    ['grpc', viaGrpc],
  ];
  const running = kinds.map(([name, caller], index) => run(name, caller, index));
  return {
    answered,
    failures,
    batch,
    more(count) {
      const goals = kinds.map((_, index) => (counts[index] ?? 0) + count);
      return new Promise((resolve) => {
        const look = (): void => {
          if (goals.some((goal, index) => (counts[index] ?? 0) < goal)) return;
          listeners = listeners.filter((listener) => listener !== look);
          resolve();
        };
        listeners.push(look);
      });
    },
    async stop() {
      over = true;
      await Promise.all(running);
      await port[Symbol.asyncDispose]();
    },
  };
}

async function inTime<T>(call: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer')), LONGEST_ANSWER_MS);
  });
  try {
    return await Promise.race([call, late]);
  } finally {
    clearTimeout(timer);
  }
}
