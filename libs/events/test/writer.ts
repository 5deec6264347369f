import { type Database, inOneGo, type Migrations, type Store, sql, type Transaction } from '@vouch/store';
import type { EventDraft } from '../src/event.js';
import { type OutboxTables, outboxInsert } from '../src/outbox.js';
import { outboxBundlesMigration, outboxMigration } from '../src/outbox-migrations.js';

/** A service as far as the outbox is concerned: aggregates that are locked, changed, and written about. */
export interface WriterTables extends OutboxTables {
  aggregate: { key: string; sequence: number };
}

/** Its migrations. */
export const writerMigrations: Migrations = {
  '0001-aggregate': {
    async up(db) {
      await sql`create table aggregate (key text primary key, sequence integer not null)`.execute(db);
    },
  },
  '0002-outbox': outboxMigration,
  '0003-outbox-bundles': outboxBundlesMigration,
};

/** The writer's store. */
export const openWriter = (database: Database): Promise<Store<WriterTables>> => database.store<WriterTables>('writer', writerMigrations);

/** An event for the outbox. */
export function newDraft(topic: string, key: string, sequence: number, more: Partial<EventDraft> = {}): EventDraft {
  return {
    topic,
    key,
    sequence,
    type: 'vouch.test.happened',
    source: '/vouch/test',
    time: new Date('2026-08-31T08:00:00.123Z'),
    payload: { key, sequence },
    ...more,
  };
}

/** Writes events into the outbox. */
export const write = async (tx: Transaction<WriterTables>, drafts: readonly EventDraft[]): Promise<void> => {
  await inOneGo(tx, outboxInsert('writer', drafts));
};

/** Changes each aggregate once, all in one transaction, and writes an event about each. Locks them in one order. */
export async function change(
  store: Store<WriterTables>,
  topic: string,
  keys: readonly string[],
  beforeCommit?: () => Promise<void>,
): Promise<void> {
  await store.transaction(async (tx) => {
    const drafts: EventDraft[] = [];
    for (const key of [...keys].sort()) {
      const { sequence } = await tx
        .insertInto('aggregate')
        .values({ key, sequence: 1 })
        .onConflict((conflict) => conflict.column('key').doUpdateSet((eb) => ({ sequence: eb('aggregate.sequence', '+', 1) })))
        .returning('sequence')
        .executeTakeFirstOrThrow();
      drafts.push(newDraft(topic, key, sequence));
    }
    await write(tx, drafts);
    await beforeCommit?.();
  });
}
