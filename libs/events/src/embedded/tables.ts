import { type ColumnType, type Generated, type Migrations, sql } from '@vouch/store';
import { createLeaseTables, type LeaseTable, type MemberTable } from '../lease-tables.js';

/** The embedded log's tables, in the schema `events`. */
export interface EventTables {
  /** The next free place of each partition. Locked while events are appended, so that they become visible in the order of their places. */
  head: { topic: string; partition: number; next_offset: ColumnType<string, string, string> };
  log: {
    topic: string;
    partition: number;
    offset: string;
    key: string | null;
    headers: Record<string, string>;
    value: string | null;
    created: Generated<Date>;
  };
  /** How far each group has come. */
  cursor: {
    group_name: string;
    topic: string;
    partition: number;
    next_offset: ColumnType<string, string, string>;
    updated: Generated<Date>;
  };
  group_lease: LeaseTable;
  group_member: MemberTable;
}

/** Migrations of the schema `events`. */
export const eventMigrations: Migrations = {
  '0001-log': {
    async up(db) {
      await sql`create table head (
        topic text not null, partition integer not null, next_offset bigint not null default 0, primary key (topic, partition))`.execute(
        db,
      );
      await sql`create table log (
        topic text not null,
        partition integer not null,
        "offset" bigint not null,
        key text,
        headers json not null,
        value text,
        created timestamptz not null default clock_timestamp(),
        primary key (topic, partition, "offset")
      )`.execute(db);
      await sql`create table cursor (
        group_name text not null,
        topic text not null,
        partition integer not null,
        next_offset bigint not null default 0,
        updated timestamptz not null default clock_timestamp(),
        primary key (topic, partition, group_name)
      )`.execute(db);
      await createLeaseTables(db, 'group');
    },
  },
};
