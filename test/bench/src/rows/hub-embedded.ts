import { join } from 'node:path';
import { findFreePort } from '@vouch/local';
import { untilAtRest } from '../checks/at-rest.js';
import { assertEmbeddedKept } from '../checks/embedded-kept.js';
import { mainOf } from '../processes/service-main.js';
import { answers, startProcess } from '../processes/start-process.js';
import { drivenOverHttp } from './behind-http.js';
import { type Ground, nodeArgs, type Row } from './row.js';
import { toVouchEnv } from './vouch-env.js';

const NAME = 'hub-embedded';

/** Data folder of the row, kept over its rounds. */
export const embeddedDirOf = ({ folder }: Pick<Ground, 'folder'>): string => join(folder, 'embedded');

export const hubEmbedded: Row = {
  name: NAME,
  title: 'hub on the embedded store and log: NO DISK FLUSH',
  async start(ground) {
    const dataDir = embeddedDirOf(ground);
    const port = await findFreePort();
    const url = `http://127.0.0.1:${port}`;
    const hub = await startProcess({
      name: NAME,
      script: mainOf('all-in-one'),
      execArgv: nodeArgs(ground),
      log: join(ground.folder, `${NAME}.log`),
      env: { ...toVouchEnv(ground, 'traced'), VOUCH_DATA_DIR: dataDir, VOUCH_HTTP_PORT: String(port), VOUCH_GRPC_PORT: '0' },
      ready: () => answers(`${url}/health/ready`),
    });
    return drivenOverHttp(ground, {
      url,
      processes: { hub },
      // Nobody else can look into its store while it runs: it has drained when it has come to rest, and that is checked when it has ended.
      drained: () => untilAtRest([hub.pid]),
      async check(ids) {
        await hub[Symbol.asyncDispose]();
        await assertEmbeddedKept(dataDir, ids);
      },
    });
  },
};
