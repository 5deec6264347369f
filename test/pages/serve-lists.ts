import type { Catalogue } from '@vouch/catalogue';
import { silentLogger, silentTracer } from '@vouch/telemetry';
import { createAdmission } from '../../services/lookup/src/callers/admission.js';
import { createHttpApp } from '../../services/lookup/src/http/app.js';
import type { HttpParts } from '../../services/lookup/src/http/parts.js';

/** The HTTP edge with a catalogue and nothing behind it: enough for what it publishes to everybody. Disposing stops it. */
export async function serveLists(catalogue: Catalogue): Promise<{ readonly url: string } & AsyncDisposable> {
  const parts: Partial<HttpParts> = {
    catalogues: { current: catalogue } as HttpParts['catalogues'],
    admission: createAdmission({ maxInFlight: 100, personRequestsPerSecond: 100, failuresPerMinute: 100 }),
    tracer: silentTracer,
    logger: silentLogger,
    trustProxy: false,
  };
  const app = await createHttpApp(parts as HttpParts);
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return { url, [Symbol.asyncDispose]: () => app.close() };
}
