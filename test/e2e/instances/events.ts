import type { TopicRecord } from '../../chaos/src/evidence/evidence.js';
import { readTopics } from '../../chaos/src/evidence/read-topics.js';

const TOPICS = ['vouch.verification.v1', 'vouch.consent.v1', 'vouch.audit.v1'];

/** Every record of Vouch's event topics from the beginning to their ends as they now are, by partition in the order of the log. */
export const readEvents = async (brokers: string): Promise<TopicRecord[]> =>
  (await readTopics(brokers)).filter(({ topic }) => TOPICS.includes(topic));
