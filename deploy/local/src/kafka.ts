import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { access, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { readLocalConfig } from './config.js';
import { findFreePort } from './free-port.js';
import { findKafkaArtifacts, type KafkaArtifacts } from './kafka-artifacts.js';
import { answersAsKafka } from './kafka-probe.js';
import { type ServerProcess, startServer } from './server-process.js';

/** Where a broker of our own keeps its data and listens. */
export interface KafkaOptions {
  /** Folder of its data, kept when it stops; without one a temporary folder is used and removed. */
  readonly dataDir?: string;
  /** Port on the loopback address; a free one unless said. */
  readonly port?: number;
  /** More listeners, each of which sends its clients to another port of the loopback address: for a proxy that stands between. */
  readonly listeners?: readonly KafkaListener[];
  /** Hears one line about each thing that takes time. */
  readonly log?: (line: string) => void;
}

/** One more way to the broker. */
export interface KafkaListener {
  /** Where the broker listens. */
  readonly port: number;
  /** Where its clients are told to find it. */
  readonly advertisedPort: number;
}

/** A running broker of our own; closing stops it in good order. */
export interface LocalKafka extends AsyncDisposable {
  /** `host:port`, for `KAFKA_BROKERS`. */
  readonly brokers: string;
  /** Process id; another one after each restart. */
  readonly pid: number;
  /** Kills the broker as a crash would. */
  kill9(): Promise<void>;
  /** Starts it again on the same address with the same data. */
  restart(): Promise<void>;
}

const JVM = ['-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Dlog4j2.level=WARN'];
const START_WITHIN_MS = 60_000;
const MOST_ATTEMPTS = 3;

/** Starts one real Kafka broker (KRaft, broker and controller in one) in a JVM, and waits until clients can use it. */
export async function startKafka(options: KafkaOptions = {}): Promise<LocalKafka> {
  const log = options.log ?? (() => undefined);
  const artifacts = await findKafkaArtifacts(readLocalConfig(), log);
  const folder = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'vouch-kafka-')));
  await mkdir(folder, { recursive: true });
  log('Starting a Kafka broker …');

  let port = options.port ?? (await findFreePort());
  let server: ServerProcess | undefined;
  for (let attempt = 1; !server; attempt += 1) {
    try {
      await prepare(artifacts, folder, port, options.listeners ?? []);
      server = await startBroker(artifacts, folder, port);
    } catch (failure) {
      // A port may have been taken since it was found free.
      if (options.port !== undefined || attempt === MOST_ATTEMPTS || !/Address already in use|BindException/.test(String(failure)))
        throw failure;
      port = await findFreePort();
    }
  }
  let running = server;
  log(`Kafka is ready on 127.0.0.1:${port}`);

  return {
    brokers: `127.0.0.1:${port}`,
    get pid() {
      return running.pid;
    },
    kill9: () => running.kill9(),
    async restart() {
      if (!running.ended) await running.stop();
      running = await startBroker(artifacts, folder, port);
    },
    async [Symbol.asyncDispose]() {
      await running.stop();
      if (options.dataDir === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

async function prepare({ java, libs }: KafkaArtifacts, folder: string, port: number, listeners: readonly KafkaListener[]): Promise<void> {
  const settings = join(folder, 'server.properties');
  await writeFile(settings, properties(folder, port, await findFreePort(), listeners));
  const formatted = await access(join(folder, 'data', 'meta.properties')).then(
    () => true,
    () => false,
  );
  if (formatted) return;
  // A first hyphen would be read as an option.
  const id = `V${randomBytes(16).toString('base64url').slice(1)}`;
  const classPath = join(libs, '*');
  await promisify(execFile)(java, [...JVM, '-cp', classPath, 'kafka.tools.StorageTool', 'format', '-t', id, '-c', settings]);
}

async function startBroker({ java, libs }: KafkaArtifacts, folder: string, port: number): Promise<ServerProcess> {
  const server = await startServer({
    command: java,
    args: [...JVM, '-cp', join(libs, '*'), 'kafka.Kafka', join(folder, 'server.properties')],
    cwd: folder,
    stopSignal: 'SIGTERM',
  });
  const until = performance.now() + START_WITHIN_MS;
  while (!server.ended && performance.now() < until) {
    if (await answersAsKafka(`127.0.0.1:${port}`)) return server;
    await delay(100);
  }
  await server.kill9();
  throw new Error(`The Kafka broker did not start. It wrote:\n${server.lastOutput}`);
}

/**
 * One node is all there is, so nothing can be replicated; topics are made by those who own them, never by accident. A broker that was killed
 * may come back only when its last session has ended, which takes 9 s unless said.
 */
const properties = (folder: string, port: number, controllerPort: number, more: readonly KafkaListener[]): string => `
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:${controllerPort}
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}${more.map((one, n) => `,MORE${n}://127.0.0.1:${one.port}`).join('')}
advertised.listeners=PLAINTEXT://127.0.0.1:${port}${more.map((one, n) => `,MORE${n}://127.0.0.1:${one.advertisedPort}`).join('')}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT${more.map((_, n) => `,MORE${n}:PLAINTEXT`).join('')}
inter.broker.listener.name=PLAINTEXT
log.dirs=${join(folder, 'data')}
auto.create.topics.enable=false
default.replication.factor=1
min.insync.replicas=1
offsets.topic.replication.factor=1
offsets.topic.num.partitions=8
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
broker.session.timeout.ms=3000
broker.heartbeat.interval.ms=500
log.cleaner.dedupe.buffer.size=8388608
num.network.threads=2
num.io.threads=4
`;
