import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { renderAsyncApi } from './asyncapi/render.js';

const docs = fileURLToPath(new URL('../../../docs/', import.meta.url));
await mkdir(docs, { recursive: true });
await writeFile(`${docs}asyncapi.yaml`, await renderAsyncApi());
