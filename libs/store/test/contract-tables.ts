import { type Migration, sql } from '../src/index.js';

/** Tables that the contract is tried on. */
export interface ContractTables {
  value: {
    id: number;
    big: string | null;
    exact: string | null;
    float: number | null;
    flag: boolean | null;
    bytes: Buffer | null;
    at: Date | null;
    doc: unknown;
    texts: string[] | null;
    bigs: string[] | null;
    ref: string | null;
  };
  counter: { name: string; count: number };
  job: { id: number; owner: string | null };
}

/** Makes them. */
export const contractMigrations: Record<string, Migration> = {
  '0001-value': {
    async up(db) {
      await db.schema
        .createTable('value')
        .addColumn('id', 'integer', (column) => column.primaryKey())
        .addColumn('big', 'bigint')
        .addColumn('exact', sql`numeric(20, 4)`)
        .addColumn('float', 'double precision')
        .addColumn('flag', 'boolean')
        .addColumn('bytes', 'bytea')
        .addColumn('at', 'timestamptz')
        .addColumn('doc', 'jsonb')
        .addColumn('texts', sql`text[]`)
        .addColumn('bigs', sql`bigint[]`)
        .addColumn('ref', 'uuid')
        .execute();
    },
  },
  '0002-counter-and-job': {
    async up(db) {
      // Raw SQL without a schema: in a migration it means the service's own.
      await sql`create table counter (name text constraint counter_name primary key, count integer not null)`.execute(db);
      await sql`create table job (id integer primary key, owner text)`.execute(db);
    },
  },
};
