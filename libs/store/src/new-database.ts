import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { sqlStateOf, toStoreError } from './sql-fault.js';

/** A database made for one purpose, such as one file of tests; closing drops it. */
export interface NewDatabase extends AsyncDisposable {
  /** As the server's URL, with the new database's name. */
  readonly url: string;
}

const OBJECT_IN_USE = '55006';
const MOST_ATTEMPTS = 20;

/** Makes an empty database with a name of its own on the server of a URL, whose user must be allowed to. For tests and tools. */
export async function createNewDatabase(serverUrl: string, prefix = 'vouch'): Promise<NewDatabase> {
  const name = `${prefix
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .slice(0, 40)}_${randomBytes(5).toString('hex')}`;
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  await tell(serverUrl, `create database ${name}`);
  return {
    url: url.href,
    async [Symbol.asyncDispose]() {
      await tell(serverUrl, `drop database if exists ${name} with (force)`);
    },
  };
}

async function tell(serverUrl: string, statement: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const client = new pg.Client({ connectionString: serverUrl, connectionTimeoutMillis: 10_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query(statement);
      return;
    } catch (thrown) {
      const failure = toStoreError(thrown);
      // Two at once copy the same template, and the server lets only one.
      if (attempt === MOST_ATTEMPTS || sqlStateOf(failure) !== OBJECT_IN_USE) throw failure;
      await delay(50 + Math.random() * 100);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}
