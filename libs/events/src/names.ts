/** The topics. A topic's version rises when its readers would have to change. */
export const TOPICS = {
  /** Verifications: ids, platform, region, status, verdict, codes. Names no person. */
  verification: 'vouch.verification.v1',
  /** Consents: ids, platform, status. Names no person. */
  consent: 'vouch.consent.v1',
  /** Which version of the catalogue is in effect. */
  catalogue: 'vouch.catalogue.v1',
  /** Audit records, for the audit service alone: pseudonyms and salted digests. */
  audit: 'vouch.audit.v1',
  /** Notices that facts at a registry changed. The name is reserved: nothing is published on it yet. */
  registryChange: 'vouch.registry-change.v1',
} as const;

/** A topic that events are published on. */
export type Topic = (typeof TOPICS)[keyof typeof TOPICS];

/** The event types (CloudEvents `type`), by topic. */
export const EVENT_TYPES = {
  verification: {
    pending: 'vouch.verification.pending',
    completed: 'vouch.verification.completed',
    closed: 'vouch.verification.closed',
    refused: 'vouch.verification.refused',
  },
  consent: {
    requested: 'vouch.consent.requested',
    granted: 'vouch.consent.granted',
    refused: 'vouch.consent.refused',
    withdrawing: 'vouch.consent.withdrawing',
    withdrawn: 'vouch.consent.withdrawn',
    spent: 'vouch.consent.spent',
    expired: 'vouch.consent.expired',
  },
  catalogue: {
    changed: 'vouch.catalogue.changed',
  },
  audit: {
    recorded: 'vouch.audit.recorded',
  },
} as const;

/** Who publishes (CloudEvents `source`). */
export const SOURCES = {
  lookup: '/vouch/lookup',
  consent: '/vouch/consent',
} as const;

/** Our own consumers: the name of the consumer group, of its dead-letter topic and of its rows in `consumed`. */
export const CONSUMERS = {
  audit: 'audit',
  lookup: 'lookup',
  notify: 'notify',
} as const;

/** The topic where a consumer puts what it cannot decode, with the reason in the headers. One per consumer. */
export const deadLetterTopic = (consumer: string): string => `vouch.${consumer}.dead-letter.v1`;
