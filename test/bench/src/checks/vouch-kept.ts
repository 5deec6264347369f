import type { Places, Topics } from '../parts/topic-reader.js';
import { assertAllStored } from './stored.js';
import { assertAllOnTopic } from './topic.js';

/** The topics that lookups write to. */
export const LOOKUP_TOPICS = ['vouch.verification.v1', 'vouch.audit.v1'] as const;

/** Where the lookups' topics ended when a row began. */
export type Begin = ReadonlyMap<(typeof LOOKUP_TOPICS)[number], Places>;

/** Notes where the topics end. */
export async function noteEnds(topics: Topics): Promise<Begin> {
  return new Map(await Promise.all(LOOKUP_TOPICS.map(async (topic) => [topic, await topics.ends(topic)] as const)));
}

/** Throws unless each lookup is stored, was redeemed, has its event, and both halves of it are in the audit. */
export async function assertVouchKept(url: string, topics: Topics, begin: Begin, ids: readonly string[]): Promise<void> {
  await assertAllStored(url, 'lookup.verifications', 'id', ids, "status = 'complete'");
  await assertAllStored(url, 'consent.redemptions', 'verification_id', ids);
  await assertAllStored(url, 'audit.verifications', 'verification_id', ids, 'answered');
  const from = (topic: (typeof LOOKUP_TOPICS)[number]): Places => begin.get(topic) ?? new Map();
  await assertAllOnTopic(topics, { topic: 'vouch.verification.v1', from: from('vouch.verification.v1'), keys: ids });
  const audited = ids.flatMap((id) => [`c:${id}`, `l:${id}`]);
  await assertAllOnTopic(topics, { topic: 'vouch.audit.v1', from: from('vouch.audit.v1'), keys: audited });
}
