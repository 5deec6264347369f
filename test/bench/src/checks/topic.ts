import type { Places, Topics } from '../parts/topic-reader.js';
import { assertNoneMissing } from './stored.js';

/** Throws unless a topic has a message with each of these keys, from some places on. */
export async function assertAllOnTopic(
  topics: Topics,
  { topic, from, keys }: { readonly topic: string; readonly from: Places; readonly keys: readonly string[] },
): Promise<void> {
  const present = await topics.keys(topic, from);
  assertNoneMissing(keys.length, keys.filter((key) => present.has(key)).length, `the topic ${topic}`);
}
