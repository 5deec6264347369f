import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findFreePort } from '@vouch/local';
import { answers, startProcess } from '../processes/start-process.js';
import { drivenOverHttp } from './behind-http.js';
import { nodeArgs, type Row } from './row.js';

export const reference: Row = {
  name: 'reference',
  title: 'four parallel unary calls behind Fastify; nothing checked, nothing stored',
  async start(ground) {
    const port = await findFreePort();
    const url = `http://127.0.0.1:${port}`;
    const server = await startProcess({
      name: 'reference',
      script: fileURLToPath(new URL('../servers/reference.js', import.meta.url)),
      execArgv: nodeArgs(ground),
      log: join(ground.folder, 'reference.log'),
      env: { BENCH_PORT: String(port), BENCH_REGISTRIES: JSON.stringify(ground.registries.addresses), NODE_ENV: 'production' },
      ready: () => answers(`${url}/health/ready`),
    });
    return drivenOverHttp(ground, { url, processes: { server }, drained: async () => undefined, check: async () => undefined });
  },
};
