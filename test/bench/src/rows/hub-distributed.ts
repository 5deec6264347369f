import { join } from 'node:path';
import { createResources } from '@vouch/lifecycle';
import { findFreePort } from '@vouch/local';
import { untilDrained } from '../checks/drained.js';
import { assertVouchKept, noteEnds } from '../checks/vouch-kept.js';
import { mainOf } from '../processes/service-main.js';
import { answers, type RunningProcess, startProcess } from '../processes/start-process.js';
import { drivenOverHttp } from './behind-http.js';
import { nodeArgs, type Row } from './row.js';
import { toVouchEnv } from './vouch-env.js';

const NAME = 'hub-distributed';

export const hubDistributed: Row = {
  name: NAME,
  title: 'hub with a process per service',
  async start(ground) {
    const { folder, parts, databases, topics } = ground;
    const begin = await noteEnds(topics);
    const free = async (): Promise<string> => String(await findFreePort());
    const [http, consentPort, redemption, auditPort] = [await free(), await free(), await free(), await free()];
    const url = `http://127.0.0.1:${http}`;
    const env = {
      ...toVouchEnv(ground, 'traced'),
      DATABASE_URL: databases.vouch,
      KAFKA_BROKERS: parts.kafkaBrokers,
      VOUCH_HTTP_PORT: http,
      VOUCH_GRPC_PORT: '0',
      VOUCH_CONSENT_PORT: consentPort,
      VOUCH_REDEMPTION_PORT: redemption,
      VOUCH_AUDIT_PORT: auditPort,
      VOUCH_CONSENT_ADDRESS: `127.0.0.1:${consentPort}`,
      VOUCH_REDEMPTION_ADDRESS: `127.0.0.1:${redemption}`,
      VOUCH_AUDIT_ADDRESS: `127.0.0.1:${auditPort}`,
    };
    await using opening = createResources();
    const start = async (service: string, ready: () => Promise<boolean>): Promise<RunningProcess> => {
      const log = join(folder, `${NAME}-${service}.log`);
      return opening.use(await startProcess({ name: service, script: mainOf(service), execArgv: nodeArgs(ground), log, env, ready }));
    };
    // The edge is ready when the others are.
    const audit = await start('audit', async () => true);
    const consent = await start('consent', async () => true);
    const lookup = await start('lookup', () => answers(`${url}/health/ready`));
    opening.move();
    return drivenOverHttp(ground, {
      url,
      processes: { lookup, consent, audit },
      drained: () => untilDrained(databases.vouch, topics),
      check: (ids) => assertVouchKept(databases.vouch, topics, begin, ids),
    });
  },
};
