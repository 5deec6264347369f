import { execFile, spawn } from 'node:child_process';
import { copyFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Migration, openPostgres, sql } from '@vouch/store';
import { afterEach, beforeEach, describe, expect, inject, test, vi } from 'vitest';
import { readLocalConfig } from '../src/config.js';
import { startKafka } from '../src/kafka.js';
import { findKafkaArtifacts } from '../src/kafka-artifacts.js';
import { runKafkaTool } from '../src/kafka-tool.js';
import { startPostgres } from '../src/postgres.js';

const logger = { info: () => undefined, warn: () => undefined };
const hasJava = await promisify(execFile)('java', ['-version']).then(
  () => true,
  () => false,
);

let dataDir: string;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'vouch-servers-'));
});

afterEach(async () => {
  await rm(dataDir, { recursive: true, force: true });
});

describe.skipIf(!hasJava)('a Kafka broker of our own', () => {
  const read = (brokers: string) =>
    runKafkaTool('console-consumer', [
      '--bootstrap-server',
      brokers,
      '--topic',
      'kept',
      '--from-beginning',
      '--max-messages',
      '3',
      '--timeout-ms',
      '20000',
    ]);

  // Nine JVMs, one after the other.
  test('keeps messages over a kill and over a start in another process', { timeout: 180_000 }, async () => {
    const kafka = await startKafka({ dataDir });
    const server = ['--bootstrap-server', kafka.brokers];
    await runKafkaTool('topics', [...server, '--create', '--topic', 'kept', '--partitions', '1', '--replication-factor', '1']);
    await runKafkaTool('console-producer', [...server, '--topic', 'kept', '--command-property', 'acks=all'], 'one\ntwo\nthree\n');
    await kafka.kill9();
    await kafka.restart();
    expect(await read(kafka.brokers)).toBe('one\ntwo\nthree\n');
    await kafka[Symbol.asyncDispose]();

    const again = await startKafka({ dataDir });
    expect(await read(again.brokers)).toBe('one\ntwo\nthree\n');
    await again[Symbol.asyncDispose]();
  });
});

describe.skipIf(!hasJava)('Kafka’s jars', () => {
  test('are fetched once when two want them at the same time', async () => {
    await copyFile(fileURLToPath(new URL('../kafka/pom.xml', import.meta.url)), join(dataDir, 'pom.xml'));
    const said: string[] = [];
    const find = () => findKafkaArtifacts(readLocalConfig({}), (line) => said.push(line), dataDir);
    const [one, other] = await Promise.all([find(), find()]);
    expect(one).toEqual(other);
    expect(said).toHaveLength(1);
    expect((await readdir(one.libs)).filter((name) => name.startsWith('kafka_'))).toHaveLength(1);
    expect((await readdir(dataDir)).sort()).toEqual(['libs', 'pom.xml']);
  });
});

describe.skipIf(!inject('databaseUrl'))('a PostgreSQL server of our own', () => {
  const migrations: Record<string, Migration> = {
    '0001': { up: async (db) => void (await sql`create table kept (id integer)`.execute(db)) },
  };

  test('keeps rows over a kill and over a start in another process, and syncs to disk', async () => {
    const server = await startPostgres({ dataDir: join(dataDir, 'postgres') });
    const database = await openPostgres({ url: server.url, logger });
    const store = await database.store<{ kept: { id: number } }>('kept', migrations);
    await store.db.insertInto('kept').values({ id: 1 }).execute();
    expect((await sql`show fsync`.execute(store.db)).rows).toEqual([{ fsync: 'on' }]);
    expect((await sql`show synchronous_commit`.execute(store.db)).rows).toEqual([{ synchronous_commit: 'on' }]);
    await server.kill9();
    await server.restart();
    expect(await vi.waitFor(() => store.db.selectFrom('kept').selectAll().execute(), { timeout: 20_000 })).toEqual([{ id: 1 }]);
    await database[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();

    const again = await startPostgres({ dataDir: join(dataDir, 'postgres') });
    const reopened = await openPostgres({ url: again.url, logger });
    const kept = await reopened.store<{ kept: { id: number } }>('kept', migrations);
    expect(await kept.db.selectFrom('kept').selectAll().execute()).toEqual([{ id: 1 }]);
    await reopened[Symbol.asyncDispose]();
    await again[Symbol.asyncDispose]();
  });

  test('dies with the process that started it', async () => {
    const start = new URL('start-and-wait.js', import.meta.url);
    const child = spawn(process.execPath, [fileURLToPath(start), join(dataDir, 'postgres')], { stdio: ['ignore', 'pipe', 'inherit'] });
    const url = await new Promise<string>((resolve) => createInterface({ input: child.stdout }).once('line', resolve));
    const database = await openPostgres({ url, logger, connectTimeoutMs: 500 });
    child.kill('SIGKILL');
    await vi.waitFor(() => expect(database.ping()).rejects.toMatchObject({ code: 'unavailable' }), { timeout: 20_000 });
    await database[Symbol.asyncDispose]();
  });
});
