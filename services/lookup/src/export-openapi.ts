import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { silentLogger, silentTracer } from '@vouch/telemetry';
import { createHttpApp } from './http/app.js';
import type { HttpParts } from './http/parts.js';

// Routes are only described here, never called, so nothing stands behind them.
const parts = { logger: silentLogger, tracer: silentTracer, trustProxy: false } as unknown as HttpParts;
const app = await createHttpApp(parts);
await app.ready();
const docs = new URL('../../../docs/', import.meta.url);
await mkdir(docs, { recursive: true });
await writeFile(fileURLToPath(new URL('openapi.json', docs)), `${JSON.stringify(app.swagger(), null, 2)}\n`);
await app.close();
