import { catalogueMigration } from '@vouch/catalogue-versions';
import { consumedMigration, outboxBundlesMigration, outboxMigration } from '@vouch/events';
import { quotaDaysMigration } from '@vouch/quota-days';
import type { Migrations } from '@vouch/store';
import { verificationsMigration } from './0001-verifications.js';
import { withdrawnConsentsMigration } from './0004-withdrawn-consents.js';
import { batchesMigration } from './0020-batches.js';
import { pendingByPlatformMigration } from './0021-pending-by-platform.js';
import { freeRowsMigration } from './0022-free-rows.js';
import { explanationsMigration } from './0024-explanations.js';
import { lapsedLeasesMigration } from './0026-lapsed-leases.js';
import { awayMigration } from './0028-away.js';

/** Migrations of the schema `lookup`, in the order of their names. */
export const migrations: Migrations = {
  '0001-verifications': verificationsMigration,
  '0002-outbox': outboxMigration,
  '0003-consumed': consumedMigration,
  '0004-withdrawn-consents': withdrawnConsentsMigration,
  '0020-batches': batchesMigration,
  '0021-pending-by-platform': pendingByPlatformMigration,
  '0022-free-rows': freeRowsMigration,
  '0023-catalogues': catalogueMigration,
  '0024-explanations': explanationsMigration,
  '0025-outbox-bundles': outboxBundlesMigration,
  '0026-lapsed-leases': lapsedLeasesMigration,
  '0027-quota-days': quotaDaysMigration,
  '0028-away': awayMigration,
};
