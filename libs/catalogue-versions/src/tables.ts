import { type Generated, type Migration, sql } from '@vouch/store';

/** What a file of a catalogue said, once for all versions that have it alike. */
interface FileTable {
  /** SHA-256 of the canonical JSON, hex. */
  hash: string;
  /** The canonical JSON, gzip. */
  body: Buffer;
}

/** A version that was in effect at some time. */
interface VersionTable {
  version: string;
  /** `[path, hash]` of each file, by path. */
  files: readonly (readonly [path: string, hash: string])[];
  first_in_effect: Generated<Date>;
}

/** Another version took effect; rows are never changed. */
interface ChangeTable {
  /** Gapless, from 1. */
  sequence: number;
  version: string;
  previous: string | null;
  /** Instance that was the first to take it. */
  instance: string;
  at: Date;
}

/** Tables that a service which keeps its catalogues has in its schema; let its own table type extend this. */
export interface CatalogueTables {
  catalogue_files: FileTable;
  catalogue_versions: VersionTable;
  catalogue_changes: ChangeTable;
}

/** Makes them in the schema of a service. Add it to the service's migrations. */
export const catalogueMigration: Migration = {
  async up(db) {
    await sql`create table catalogue_files (hash text primary key, body bytea not null)`.execute(db);
    await sql`create table catalogue_versions (
      version text primary key,
      files jsonb not null,
      first_in_effect timestamptz not null default clock_timestamp()
    )`.execute(db);
    await sql`create table catalogue_changes (
      sequence integer primary key,
      version text not null references catalogue_versions (version),
      previous text references catalogue_versions (version),
      instance text not null,
      at timestamptz not null
    )`.execute(db);
  },
};
