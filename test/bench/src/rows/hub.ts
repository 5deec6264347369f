import { join } from 'node:path';
import { findFreePort } from '@vouch/local';
import { untilDrained } from '../checks/drained.js';
import { assertVouchKept, noteEnds } from '../checks/vouch-kept.js';
import { mainOf } from '../processes/service-main.js';
import { answers, startProcess } from '../processes/start-process.js';
import { type Asking, drivenOverHttp } from './behind-http.js';
import { nodeArgs, type Row } from './row.js';
import { type Tracing, toVouchEnv } from './vouch-env.js';

const allInOne = (name: string, title: string, tracing: Tracing, asking: Asking = {}): Row => ({
  name,
  title,
  ...(asking.byBatches && { byBatches: true }),
  async start(ground) {
    const { folder, parts, databases, topics } = ground;
    const begin = await noteEnds(topics);
    const port = await findFreePort();
    const url = `http://127.0.0.1:${port}`;
    const hub = await startProcess({
      name,
      script: mainOf('all-in-one'),
      execArgv: nodeArgs(ground),
      log: join(folder, `${name}.log`),
      env: {
        ...toVouchEnv(ground, tracing),
        DATABASE_URL: databases.vouch,
        KAFKA_BROKERS: parts.kafkaBrokers,
        VOUCH_HTTP_PORT: String(port),
        VOUCH_GRPC_PORT: '0',
      },
      ready: () => answers(`${url}/health/ready`),
    });
    const served = {
      url,
      processes: { hub },
      drained: () => untilDrained(databases.vouch, topics),
      check: (ids: readonly string[]) => assertVouchKept(databases.vouch, topics, begin, ids),
    };
    return drivenOverHttp(ground, served, asking);
  },
});

export const hub = allInOne('hub', 'all in one process on PostgreSQL and Kafka; every lookup traced, exported by OTLP', 'traced');
export const hubUntraced = allInOne('hub-untraced', 'hub without spans', 'untraced');
export const hubRules = allInOne(
  'hub-rules',
  'hub, asked by a requirement set of the same four claims: what to ask is worked out, decided and explained',
  'traced',
  { asSet: true },
);
export const batch = allInOne(
  'batch',
  'hub, asked by batches of 1000 rows; uploads, results and the waiting for their end included',
  'traced',
  { byBatches: true },
);
