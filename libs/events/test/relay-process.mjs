// A relay in a process of its own that stands still between publishing and deleting, so that a test can kill it there.
import { createKafkaBus, startRelay } from '@vouch/events';
import { openPostgres } from '@vouch/store';
import { silentLogger, silentTracer } from '@vouch/telemetry';

const { databaseUrl, brokers, topic, instanceId } = JSON.parse(process.argv[2]);
const parts = { tracer: silentTracer, logger: silentLogger };
const database = await openPostgres({ url: databaseUrl, logger: silentLogger });
const made = { up: async () => {} };
const store = await database.store('writer', { '0001-aggregate': made, '0002-outbox': made, '0003-outbox-bundles': made });
const bus = createKafkaBus({ brokers, clientId: 'relay-process', topics: [topic], ...parts });
const standsStill = {
  async publish(messages) {
    await bus.publish(messages);
    process.stdout.write(`published ${messages.length}\n`);
    await new Promise(() => {});
  },
};
startRelay({ store, bus: standsStill, source: '/vouch/test', instanceId, ...parts });
