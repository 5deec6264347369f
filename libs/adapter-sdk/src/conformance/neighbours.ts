import { dial, type ServiceDefinition } from '@vouch/rpc';
import { silentTracer } from '@vouch/telemetry';

// Health and reflection speak protocols that are not ours, so their few bytes are written by hand here.
const bytes = (message: Buffer): Buffer => message;
const raw = { requestSerialize: bytes, requestDeserialize: bytes, responseSerialize: bytes, responseDeserialize: bytes };

const health = {
  check: { path: '/grpc.health.v1.Health/Check', requestStream: false, responseStream: false, ...raw },
} as const satisfies ServiceDefinition;

const reflection = {
  info: { path: '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo', requestStream: true, responseStream: true, ...raw },
} as const satisfies ServiceDefinition;

const STATUSES = ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN'];

/** What grpc.health.v1 says of the server as a whole. */
export async function answersHealth(address: string): Promise<string> {
  await using port = dial(health, { address, tracer: silentTracer });
  // HealthCheckResponse { ServingStatus status = 1; }
  const response = await port.check(Buffer.alloc(0), { signal: new AbortController().signal });
  return STATUSES[response[1] ?? 0] ?? 'UNKNOWN';
}

/** What reflection answers to `list_services`, as text: the names stand in it. */
export async function listsServices(address: string): Promise<string> {
  await using port = dial(reflection, { address, tracer: silentTracer });
  // ServerReflectionRequest { string list_services = 7; }
  async function* requests(): AsyncGenerator<Buffer, void, undefined> {
    yield Buffer.from([0x3a, 0x00]);
  }
  const responses: Buffer[] = [];
  for await (const response of port.info(requests(), { signal: new AbortController().signal })) responses.push(response);
  return Buffer.concat(responses).toString('utf8');
}
