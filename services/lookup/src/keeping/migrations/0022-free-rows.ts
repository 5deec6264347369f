import { type Migration, sql } from '@vouch/store';

/** Every second each process looks for rows of cancelled batches that nobody holds; there are next to none. */
export const freeRowsMigration: Migration = {
  async up(db) {
    await sql`create index batch_chunks_free_rows on batch_chunks (batch_id) where sealed is not null and lease is null`.execute(db);
  },
};
