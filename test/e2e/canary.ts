import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import type { DemoFile } from '@vouch/showcase';
import { Kafka, logLevel } from 'kafkajs';
import pg from 'pg';

/** A place that was searched, and all that stands in it. */
export interface Place {
  readonly name: string;
  readonly text: string;
}

/** Where a person was found: the place and what was found (its kind, so that the report itself leaks nothing). */
export interface Sighting {
  readonly place: string;
  readonly canary: string;
}

/** ID numbers and names of everybody whom the tests asked about, in every form that they could be written in by accident. */
export function toCanaries(demo: DemoFile): ReadonlyMap<string, string> {
  const people = demo.families.flatMap((family) => Object.values(family.subjects));
  const forms = new Map<string, string>();
  for (const [index, { idNumber, name }] of people.entries()) {
    for (const [kind, text] of [
      ['ID number', idNumber],
      ['name', name],
    ] as const) {
      const bytes = Buffer.from(text, 'utf8');
      forms.set(text, `person ${index}: ${kind}`);
      forms.set(bytes.toString('hex'), `person ${index}: ${kind} in hex`);
      forms.set(bytes.toString('base64').replace(/=+$/, ''), `person ${index}: ${kind} in base64`);
      forms.set(
        JSON.stringify(text)
          .slice(1, -1)
          .replace(/[\u0080-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`),
        `person ${index}: ${kind} escaped`,
      );
      if (kind === 'name') forms.set(encodeURIComponent(text), `person ${index}: ${kind} in a URL`);
    }
  }
  return forms;
}

/** Looks for every canary in every place. */
export function search(places: readonly Place[], canaries: ReadonlyMap<string, string>): Sighting[] {
  return places.flatMap(({ name, text }) =>
    [...canaries].filter(([form]) => text.includes(form)).map(([, canary]) => ({ place: name, canary })),
  );
}

/** Files of a folder that are text: logs and spans. */
export async function readFiles(folder: string, names: (name: string) => boolean): Promise<Place[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && names(entry.name)).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(files.map(async (file) => ({ name: file.slice(folder.length + 1), text: await readFile(file, 'utf8') })));
}

type Query = (sql: string) => Promise<{ rows: unknown[] }>;

const TABLES = `select table_schema as schema, table_name as name from information_schema.tables
  where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`;

async function readTables(query: Query): Promise<Place[]> {
  const places: Place[] = [];
  for (const { schema, name } of (await query(TABLES)).rows as { schema: string; name: string }[]) {
    const { rows } = await query(`select row_to_json(t)::text as row from "${schema}"."${name}" t`);
    places.push({ name: `table ${schema}.${name}`, text: (rows as { row: string }[]).map(({ row }) => row).join('\n') });
  }
  return places;
}

/** Every row of every table of a PostgreSQL database. */
export async function readPostgres(url: string): Promise<Place[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await readTables((sql) => client.query(sql));
  } finally {
    await client.end();
  }
}

/** Every row of every table of an embedded store that nobody has open. */
export async function readEmbedded(folder: string): Promise<Place[]> {
  const database = new PGlite(folder);
  try {
    return await readTables((sql) => database.query(sql));
  } finally {
    await database.close();
  }
}

/** Every message of every topic, headers and keys too. */
export async function readTopics(brokers: string): Promise<Place[]> {
  const kafka = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  const topics = (await admin.listTopics()).filter((topic) => topic.startsWith('vouch.'));
  const ends = new Map<string, bigint>();
  for (const topic of topics) {
    for (const { partition, low, high } of await admin.fetchTopicOffsets(topic)) {
      if (BigInt(high) > BigInt(low)) ends.set(`${topic}/${partition}`, BigInt(high) - 1n);
    }
  }
  await admin.disconnect();
  if (ends.size === 0) return [];
  const texts = new Map<string, string[]>(topics.map((topic) => [topic, []]));
  const consumer = kafka.consumer({ groupId: `canary-${process.pid}-${Date.now()}` });
  await consumer.connect();
  await consumer.subscribe({ topics, fromBeginning: true });
  await new Promise<void>((resolve, reject) => {
    consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
    void consumer.run({
      eachMessage: async ({ topic, partition, message }) => {
        const headers = Object.entries(message.headers ?? {}).map(([name, value]) => `${name}: ${String(value)}`);
        texts.get(topic)?.push([String(message.key), ...headers, String(message.value)].join('\n'));
        const end = ends.get(`${topic}/${partition}`);
        if (end !== undefined && BigInt(message.offset) >= end) ends.delete(`${topic}/${partition}`);
        if (ends.size === 0) resolve();
      },
    });
  });
  await consumer.disconnect();
  return [...texts].map(([topic, messages]) => ({ name: `topic ${topic}`, text: messages.join('\n') }));
}
