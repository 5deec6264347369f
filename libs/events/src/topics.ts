import { CONSUMERS, deadLetterTopic, EVENT_TYPES, TOPICS } from './names.js';

/** What a topic is like. Topics are made with these settings and never by accident. */
export interface TopicSpec {
  readonly name: string;
  /** A sentence for its readers. */
  readonly summary: string;
  /** Never changed afterwards: keys would move to other partitions and lose their order. */
  readonly partitions: number;
  /** How long events are kept at least. */
  readonly retentionMs: number;
  /** CloudEvents types that may appear. */
  readonly types: readonly string[];
  /** Protobuf message of the payload, as proto3 JSON; absent on dead-letter topics, which hold what other topics held. */
  readonly payload?: string;
  /** Whether the key is worth being the CloudEvents subject: the id of the thing that the event is about. */
  readonly subjectIsKey: boolean;
  /** What the key is. */
  readonly keyMeaning: string;
}

const DAY_MS = 24 * 60 * 60 * 1000;

const deadLetterSpec = (consumer: string): TopicSpec => ({
  name: deadLetterTopic(consumer),
  summary: `What the consumer \`${consumer}\` could not decode, unchanged, with the reason and the place it was read from in the headers.`,
  partitions: 1,
  retentionMs: 30 * DAY_MS,
  types: [],
  subjectIsKey: false,
  keyMeaning: 'The key of the event that was put aside.',
});

/** Every topic of Vouch. */
export const EVENT_TOPICS: readonly TopicSpec[] = [
  {
    name: TOPICS.verification,
    summary: 'What became of verifications. Names no person, claim outcome or disclosure: read those by id, with your rights.',
    partitions: 12,
    retentionMs: 7 * DAY_MS,
    types: Object.values(EVENT_TYPES.verification),
    payload: 'vouch.event.v1.VerificationChanged',
    subjectIsKey: true,
    keyMeaning: 'Verification id.',
  },
  {
    name: TOPICS.consent,
    summary: 'What became of consents. Names no person.',
    partitions: 6,
    retentionMs: 30 * DAY_MS,
    types: Object.values(EVENT_TYPES.consent),
    payload: 'vouch.event.v1.ConsentChanged',
    subjectIsKey: true,
    keyMeaning: 'Consent id.',
  },
  {
    name: TOPICS.catalogue,
    summary: 'Which version of the catalogue took effect in which service. Few events, kept for a year.',
    partitions: 1,
    retentionMs: 365 * DAY_MS,
    types: Object.values(EVENT_TYPES.catalogue),
    payload: 'vouch.event.v1.CatalogueChanged',
    subjectIsKey: true,
    keyMeaning: 'Service: `lookup` or `consent`.',
  },
  {
    name: TOPICS.audit,
    summary: 'Audit records, for the audit service alone: pseudonyms and salted digests.',
    partitions: 6,
    retentionMs: 30 * DAY_MS,
    types: Object.values(EVENT_TYPES.audit),
    payload: 'vouch.event.v1.AuditRecorded',
    subjectIsKey: false,
    keyMeaning:
      'Writer and aggregate: `c:` + verification or consent id from the consent service, `l:` + verification id from the lookup; `catalogue` instead of an id for what is about the catalogue.',
  },
  ...Object.values(CONSUMERS).map(deadLetterSpec),
];

/** Topics by name. */
export const toSpecMap = (specs: readonly TopicSpec[]): ReadonlyMap<string, TopicSpec> => new Map(specs.map((spec) => [spec.name, spec]));
