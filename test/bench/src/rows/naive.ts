import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findFreePort } from '@vouch/local';
import { assertAllStored } from '../checks/stored.js';
import { assertAllOnTopic } from '../checks/topic.js';
import { answers, startProcess } from '../processes/start-process.js';
import { drivenOverHttp } from './behind-http.js';
import { nodeArgs, type Row } from './row.js';

const TOPIC = 'bench.naive.v1';

export const naive: Row = {
  name: 'naive',
  title: 'reference, token, consent row, a transaction and a send a lookup',
  async start(ground) {
    const { folder, parts, databases, topics, issuer, registries } = ground;
    await topics.admin.createTopics({ waitForLeaders: true, topics: [{ topic: TOPIC, numPartitions: 12 }] });
    const from = await topics.ends(TOPIC);
    const port = await findFreePort();
    const url = `http://127.0.0.1:${port}`;
    const server = await startProcess({
      name: 'naive',
      script: fileURLToPath(new URL('../servers/naive.js', import.meta.url)),
      execArgv: nodeArgs(ground),
      log: join(folder, 'naive.log'),
      env: {
        BENCH_PORT: String(port),
        BENCH_REGISTRIES: JSON.stringify(registries.addresses),
        BENCH_ISSUER: issuer.url,
        BENCH_TOPIC: TOPIC,
        DATABASE_URL: databases.naive,
        KAFKA_BROKERS: parts.kafkaBrokers,
        KAFKAJS_NO_PARTITIONER_WARNING: '1',
        NODE_ENV: 'production',
      },
      ready: () => answers(`${url}/health/ready`),
    });
    return drivenOverHttp(ground, {
      url,
      processes: { server },
      // Everything is done when it answers.
      drained: async () => undefined,
      async check(ids) {
        await assertAllStored(databases.naive, 'verifications', 'id', ids);
        await assertAllOnTopic(topics, { topic: TOPIC, from, keys: ids });
      },
    });
  },
};
