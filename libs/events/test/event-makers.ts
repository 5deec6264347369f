import { randomUUID } from 'node:crypto';
import type { BusMessage } from '../src/event.js';
import type { TopicSpec } from '../src/topics.js';

/** A topic that no other test uses. */
export function newTopic(partitions = 3, name = 'events'): TopicSpec {
  return {
    name: `test.${name}.${randomUUID()}`,
    summary: 'For a test.',
    partitions,
    retentionMs: 60 * 60 * 1000,
    types: ['vouch.test.happened'],
    subjectIsKey: true,
    keyMeaning: 'A key.',
  };
}

/** A message for the bus. */
export function newMessage(topic: string, key: string, sequence: number, more: Partial<BusMessage> = {}): BusMessage {
  return {
    id: randomUUID(),
    topic,
    key,
    sequence,
    type: 'vouch.test.happened',
    source: '/vouch/test',
    time: '2026-08-31T08:00:00.123Z',
    json: JSON.stringify({ key, sequence }),
    ...more,
  };
}

/** Resolves when the condition holds; the test's own timeout is the limit. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10));
}

interface Numbered {
  readonly key: string;
  readonly sequence: number;
}

/** Sequence numbers by key, each where it first occurs. */
export function firstOccurrences(events: readonly Numbered[]): Map<string, number[]> {
  const seen = new Map<string, Set<number>>();
  for (const { key, sequence } of events) seen.set(key, (seen.get(key) ?? new Set()).add(sequence));
  return new Map([...seen].map(([key, numbers]) => [key, [...numbers]]));
}

/** 1 to n. */
export const upTo = (n: number): number[] => Array.from({ length: n }, (_, index) => index + 1);
