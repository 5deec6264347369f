import { catalogueMigration } from '@vouch/catalogue-versions';
import { outboxBundlesMigration, outboxMigration } from '@vouch/events';
import { quotaDaysMigration } from '@vouch/quota-days';
import type { Migrations } from '@vouch/store';
import { consents } from './0001-consents.js';
import { redemptions } from './0002-redemptions.js';
import { guardianship } from './0003-guardianship.js';
import { roomForUses } from './0007-room-for-uses.js';

/** The migrations of schema `consent`, in their order. */
export const migrations: Migrations = {
  '0001-consents': consents,
  '0002-redemptions': redemptions,
  '0003-guardianship': guardianship,
  '0004-outbox': outboxMigration,
  '0005-catalogues': catalogueMigration,
  '0006-outbox-bundles': outboxBundlesMigration,
  '0007-room-for-uses': roomForUses,
  '0008-quota-days': quotaDaysMigration,
};
