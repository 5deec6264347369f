import { type Migration, sql } from '@vouch/store';

/** What was asked of a provider in a day, by all processes of a service. */
interface QuotaDayTable {
  provider: string;
  /** Days from 1970 on, in Asia/Shanghai. */
  day: number;
  asked: string;
}

/** The table that a service which asks providers has in its schema; let its own table type extend this. */
export interface QuotaDayTables {
  quota_days: QuotaDayTable;
}

/** Makes it in the schema of a service. Add it to the service's migrations. */
export const quotaDaysMigration: Migration = {
  async up(db) {
    await sql`create table quota_days (
      provider text not null,
      day integer not null,
      asked bigint not null,
      primary key (provider, day)
    )`.execute(db);
  },
};
