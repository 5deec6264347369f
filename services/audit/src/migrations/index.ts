import { consumedMigration } from '@vouch/events';
import type { Migrations } from '@vouch/store';
import { log } from './0001-log.js';
import { accesses } from './0002-accesses.js';
import { contentsUnchecked } from './0004-contents-unchecked.js';
import { fewerRows } from './0005-fewer-rows.js';

/** The migrations of schema `audit`, in their order. */
export const migrations: Migrations = {
  '0001-log': log,
  '0002-accesses': accesses,
  '0003-consumed': consumedMigration,
  '0004-contents-unchecked': contentsUnchecked,
  '0005-fewer-rows': fewerRows,
};
