import { type Migration, sql } from '@vouch/store';

/** What it takes to explain a verification when it is read: the version of the catalogue, and what its requirement set was worked out for. */
export const explanationsMigration: Migration = {
  async up(db) {
    await sql`alter table verifications add column catalogue_version text, add column application jsonb, add column personal bytea,
      add column further jsonb`.execute(db);
  },
};
