import type { Evidence, TopicRecord } from '../evidence/evidence.js';
import { canonical, leafHash, saltedDigest } from './canonical.js';
import { createFindings, type Found } from './promise.js';

const VERIFICATION = 'vouch.verification.v1';
const CONSENT = 'vouch.consent.v1';
const AUDIT = 'vouch.audit.v1';
const CATALOGUE = 'vouch.catalogue.v1';

const place = (topic: string, key: string): string => `${topic} ${key}`;

/** First occurrences of each key, in the order of the topic. */
function firstOccurrences(topics: readonly TopicRecord[]): Map<string, TopicRecord[]> {
  const seen = new Map<string, Map<number, TopicRecord>>();
  for (const record of topics) {
    const key = place(record.topic, record.key);
    const sequences = seen.get(key) ?? new Map<number, TopicRecord>();
    if (!sequences.has(record.sequence)) sequences.set(record.sequence, record);
    seen.set(key, sequences);
  }
  return new Map([...seen].map(([key, sequences]) => [key, [...sequences.values()]]));
}

/** Every acknowledged change has its event, and every committed one too: events and rows say the same. */
export function checkChangesHaveEvents({ history, database, topics }: Evidence): Found {
  const findings = createFindings();
  const statuses = new Set<string>();
  const last = new Map<string, number>();
  for (const { topic, key, sequence, payload } of topics) {
    statuses.add(`${place(topic, key)} ${payload.status}`);
    last.set(place(topic, key), Math.max(sequence, last.get(place(topic, key)) ?? 0));
  }
  for (const { phase, operation, seen, answer, verification, code } of history) {
    if (phase === 'answered' && seen) {
      const { id, status } = seen;
      findings.expect(
        statuses.has(`${place(CONSENT, id)} ${status}`),
        () => `consent ${id} was acknowledged as ${status}, without an event`,
        { consent: id, eventKey: id },
      );
    }
    if (phase === 'answered' && answer) {
      const { id, status } = answer;
      findings.expect(
        statuses.has(`${place(VERIFICATION, id)} ${status}`),
        () => `verification ${id} was acknowledged as ${status}, without an event`,
        { verification: id, eventKey: id },
      );
    }
    if (phase === 'refused' && operation === 'verify' && verification !== undefined && code !== 'verification_gone') {
      findings.expect(
        statuses.has(`${place(VERIFICATION, verification)} refused`),
        () => `verification ${verification} was refused, without an event`,
        { verification, eventKey: verification },
      );
    }
  }
  const known = new Map<string, number>();
  const row = (topic: string, key: string, sequence: number) => {
    known.set(place(topic, key), sequence);
    const published = last.get(place(topic, key)) ?? 0;
    findings.expect(published === sequence, () => `${topic} ${key}: ${sequence} changes are committed, ${published} published`, {
      eventKey: key,
    });
  };
  for (const { id, sequence } of database.verifications) {
    row(VERIFICATION, id, sequence);
    row(AUDIT, `l:${id}`, sequence);
  }
  for (const { id, eventSequence, auditSequence } of database.consents) {
    row(CONSENT, id, eventSequence);
    row(AUDIT, `c:${id}`, auditSequence);
  }
  for (const { verificationId, auditSequence } of database.redemptions) row(AUDIT, `c:${verificationId}`, auditSequence);
  for (const { service, sequence } of database.catalogueChanges) {
    row(CATALOGUE, service, sequence);
    row(AUDIT, `${service.charAt(0)}:catalogue`, sequence);
  }
  for (const { topic, key } of topics) {
    if (![VERIFICATION, CONSENT, AUDIT, CATALOGUE].includes(topic)) continue;
    findings.expect(known.has(place(topic, key)), () => `${topic} ${key} was published, and nothing of it is in the database`, {
      eventKey: key,
    });
  }
  return findings.found;
}

/** Per key, events are in order of first occurrence, without gaps; a repeat is the same event again. */
export function checkOrder({ topics }: Evidence): Found {
  const findings = createFindings();
  for (const [key, records] of firstOccurrences(topics)) {
    const eventKey = records[0]?.key ?? '';
    records.forEach(({ sequence }, index) => {
      findings.expect(sequence === index + 1, () => `${key}: number ${sequence} comes in place ${index + 1}`, { eventKey });
    });
  }
  const firsts = new Map<string, TopicRecord>();
  for (const record of topics) {
    const { topic, key, sequence, id, partition, payload, type } = record;
    const name = `${place(topic, key)} number ${sequence}`;
    const first = firsts.get(name);
    if (!first) {
      firsts.set(name, record);
      continue;
    }
    const same = first.id === id && first.partition === partition && first.type === type && canonical(first.payload) === canonical(payload);
    findings.expect(same, () => `${name} is two different events`, { eventKey: key });
  }
  return findings.found;
}

/** Each event has one audit record: a leaf for each audit event, none without one, and the log has no hole and no forgery. */
export function checkAudit({ database, topics }: Evidence): Found {
  const findings = createFindings();
  const events = new Map<string, TopicRecord>();
  for (const record of topics) if (record.topic === AUDIT && !events.has(record.id)) events.set(record.id, record);
  const leaves = new Map<string, number>();
  database.leaves.forEach((leaf, place) => {
    const { index, eventId, type } = leaf;
    leaves.set(eventId, (leaves.get(eventId) ?? 0) + 1);
    const event = events.get(eventId);
    const about = event ? { eventKey: event.key } : {};
    findings.expect(index === BigInt(place), () => `leaf ${index} stands in place ${place}`, about);
    findings.expect(leafHash(leaf.leaf).equals(leaf.leafHash), () => `leaf ${index} has another hash than its bytes`, about);
    if (leaf.salt) {
      const { digest } = JSON.parse(leaf.leaf.toString('utf8')) as { digest: string };
      findings.expect(
        saltedDigest(leaf.salt, leaf.payload).toString('base64') === digest,
        () => `leaf ${index} is not the digest of its payload`,
        about,
      );
    }
    if (type === 'vouch.verification.answer_unknown') return;
    findings.expect(event !== undefined, () => `leaf ${index} (${type}) stands for no event`, about);
    if (event && leaf.salt)
      findings.expect(
        canonical(event.payload) === canonical(leaf.payload),
        () => `leaf ${index} says something else than event ${eventId}`,
        about,
      );
  });
  for (const { id, key } of events.values()) {
    findings.expect(leaves.get(id) === 1, () => `event ${id} of ${key} has ${leaves.get(id) ?? 0} audit records`, { eventKey: key });
  }
  return findings.found;
}

/** Nothing was put aside, and nothing waits to be published. */
export function checkRest({ database, topics, unrest }: Evidence): Found {
  const findings = createFindings();
  for (const { topic, key, id } of topics) {
    if (topic.includes('dead-letter')) findings.expect(false, () => `${topic} has event ${id} of ${key}`, { eventKey: key });
  }
  for (const [schema, waiting] of Object.entries(database.waiting)) {
    findings.expect(waiting === 0, () => `${waiting} events of ${schema} still wait to be published`, {});
  }
  findings.expect(unrest.length === 0, () => `did not come to rest: ${unrest.join('; ')}`, {});
  return findings.found;
}
