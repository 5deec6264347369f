import type { Answer } from '../answer.js';
import type { TopicRecord } from '../evidence/evidence.js';
import type { Entry } from '../history.js';
import { saltedDigest } from './canonical.js';

// What a small run is put together of, for tests of the checks.

/** When the small run began, milliseconds since 1970. */
export const START = Date.parse('2026-06-01T08:00:00.000Z');
/** Seconds after the start. */
export const time = (second: number): Date => new Date(START + second * 1000);
/** The salt of every digest. */
export const SALT = Buffer.alloc(16, 7);

const claim = (type: string, outcome: string) => ({
  type,
  version: 1,
  subject: 'guardian',
  outcome,
  agency: type.split('.')[0],
  disclosures: {},
});
/** An answer that was complete, closed or pending half a second after it was asked. */
export const answerOf = (id: string, consentId: string, status: string, createdAt: Date, home: string): Answer => ({
  id,
  status,
  verdict: status === 'pending' ? 'undetermined' : 'met',
  purpose: 'school-enrolment',
  region: '370102',
  legalBasis: { type: 'consent', consentId },
  createdAt: createdAt.toISOString(),
  ...(status === 'pending' ? {} : { completedAt: new Date(createdAt.getTime() + 500).toISOString() }),
  claims: [claim('police.guardian-of', 'confirmed'), claim('housing.owns-home', home)],
  alternatives: [],
});

type Line = Partial<Entry> & Pick<Entry, 'operation' | 'phase'>;

/** The lines of one call: sent at a second, and what came of it half a second later. */
export function callLines(call: number, second: number, line: Line): Entry[] {
  const {
    answer: _answer,
    seen: _seen,
    verification: _verification,
    code: _code,
    batchSeen: _batchSeen,
    results: _results,
    ...asked
  } = line;
  const { rows: _rows, ...told } = line;
  if (line.operation === 'submit-batch') delete (asked as Partial<Entry> & { batch?: string }).batch;
  const common = { client: 'client-1', edge: 'lookup-1', call, trace: `trace-${call}`, platform: 'platform', family: 0 };
  return [
    { n: call * 2, at: START + second * 1000, ...common, ...asked, phase: 'sent' },
    { n: call * 2 + 1, at: START + second * 1000 + 500, ...common, ...told },
  ];
}

let eventNumber = 0;

/** A record; its place in the partition is given later. */
export function recordOf(topic: string, key: string, sequence: number, second: number, payload: Record<string, unknown>): TopicRecord {
  eventNumber += 1;
  return { topic, partition: 0, offset: 0n, key, id: `event-${eventNumber}`, sequence, type: `${topic}.some`, time: time(second), payload };
}

/** A record of the audit topic. */
const auditRecord = (key: string, sequence: number, second: number, payload: Record<string, unknown>): TopicRecord =>
  recordOf('vouch.audit.v1', key, sequence, second, { ...payload, salt: SALT.toString('base64') });

/** The audit events of a consent's changes. */
export const auditedConsents = (consentId: string, changes: number): TopicRecord[] =>
  Array.from({ length: changes }, (_, index) => auditRecord(`c:${consentId}`, index + 1, index, { action: 'consent', consentId }));

/** The audit event of a redemption, with the trace of the lookup when one is told. */
export const redeemed = (verificationId: string, consentId: string, second: number, trace?: string): TopicRecord => ({
  ...auditRecord(`c:${verificationId}`, 1, second, { action: 'redeemed', verificationId, consentId }),
  ...(trace !== undefined && { trace }),
});

/** The audit event of an answer. */
export const audited = (answer: Answer, consentId: string, sequence: number, second: number, action: string): TopicRecord =>
  auditRecord(`l:${answer.id}`, sequence, second, {
    action,
    verificationId: answer.id,
    consentId,
    answerDigest: saltedDigest(SALT, answer).toString('base64'),
  });

/** The audit event of a refusal. */
export const auditedRefusal = (verificationId: string, consentId: string, second: number): TopicRecord =>
  auditRecord(`l:${verificationId}`, 1, second, { action: 'refused', verificationId, consentId });

/** The events of one key, each with a status and a second. */
export const changes = (topic: string, key: string, statuses: readonly (readonly [string, number])[]): TopicRecord[] =>
  statuses.map(([status, second], index) => recordOf(topic, key, index + 1, second, { status }));
