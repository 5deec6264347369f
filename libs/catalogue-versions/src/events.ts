import { EVENT_TYPES, type EventDraft, SOURCES, TOPICS } from '@vouch/events';
import { createRandomBytes } from '@vouch/identity';
import { AuditRecorded, CatalogueChanged } from '@vouch/proto/event/v1/event';
import type { CatalogueChange } from './catalogue-versions.js';

/** Services that decide by a catalogue. */
export type CatalogueService = 'lookup' | 'consent';

// As in their other audit keys.
const WRITERS: Readonly<Record<CatalogueService, string>> = { lookup: 'l', consent: 'c' };

/** The two events of a change: for everyone, and for the audit log, so that nobody can say later that another catalogue was in effect. */
export function toChangeEvents(service: CatalogueService, { sequence, version, previous, instance, at }: CatalogueChange): EventDraft[] {
  const common = { source: SOURCES[service], sequence, time: at };
  const catalogue: CatalogueChanged = { service, version, previousVersion: previous ?? '', instance, sequence };
  const recorded: AuditRecorded = {
    ...NOBODY,
    action: 'catalogue_changed',
    sequence,
    salt: createRandomBytes(16).toString('base64'),
    catalogue,
  };
  return [
    {
      ...common,
      topic: TOPICS.catalogue,
      key: service,
      type: EVENT_TYPES.catalogue.changed,
      payload: CatalogueChanged.toJSON(catalogue),
    },
    {
      ...common,
      topic: TOPICS.audit,
      key: `${WRITERS[service]}:catalogue`,
      type: EVENT_TYPES.audit.recorded,
      payload: AuditRecorded.toJSON(recorded),
    },
  ];
}

const NOBODY = {
  verificationId: '',
  consentId: '',
  platform: '',
  purpose: '',
  region: '',
  legalBasis: '',
  code: '',
  answerDigest: '',
  leaseEnd: undefined,
  persons: [],
};
