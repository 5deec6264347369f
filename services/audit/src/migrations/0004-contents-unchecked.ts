import { type Migration, sql } from '@vouch/store';

/**
 * Contents are written in the statement that writes their leaf, and no leaf is ever deleted, so looking each leaf up again by a foreign key
 * found nothing and cost as much as the index.
 */
export const contentsUnchecked: Migration = {
  async up(db) {
    await sql`alter table leaf_contents drop constraint leaf_contents_index_fkey`.execute(db);
  },
};
