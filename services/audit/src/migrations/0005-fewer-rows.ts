import { type Migration, sql } from '@vouch/store';

/**
 * What a verification costs the log, which takes two records of each: fewer rows, and fewer entries in indexes.
 * - The numbers of its records stand in its row, where `consumed` had a row for each.
 * - Its accesses are erased with the contents that they come from, which name them, and need no foreign key and no index for that.
 * - Contents are erased from the beginning of the log on; they are older there.
 * - A payload is kept as the text that its leaf's digest is over. Nobody asks the database for what is in it.
 */
export const fewerRows: Migration = {
  async up(db) {
    // As everything that appends begins: an older process that is still at work waits here, and not in a circle.
    await sql`select next_index from log for update`.execute(db);
    await sql`alter table verifications
      add column consent_sequence integer not null default 0,
      add column lookup_sequence integer not null default 0`.execute(db);
    await sql`alter table accesses drop constraint accesses_verification_id_fkey`.execute(db);
    await sql`drop index accesses_verification`.execute(db);
    await sql`drop index leaf_contents_stored_at`.execute(db);
    await sql`alter table leaf_contents alter column payload type text`.execute(db);
  },
};
