import fc from 'fast-check';
import { Partitioners } from 'kafkajs';
import { expect, test } from 'vitest';
import { createKeyPartitioner } from './partitioner.js';

const ours = createKeyPartitioner();
const theirs = Partitioners.DefaultPartitioner();

const among = (partitions: number) =>
  Array.from({ length: partitions }, (_, partitionId) => ({ partitionErrorCode: 0, partitionId, leader: 1, replicas: [1], isr: [1] }));

test('keys stay in the partitions where kafkajs would put them', () => {
  const partitionMetadata = among(101);
  const stays = (key: string) => {
    const chosen = { topic: 't', partitionMetadata, message: { key, value: null } };
    expect(ours(chosen)).toBe(theirs(chosen));
  };
  fc.assert(fc.property(fc.string({ maxLength: 20 }), stays));
  fc.assert(fc.property(fc.uuid(), (id) => stays(`l:${id}`)));
  for (const key of ['', '中', 'ü', '\u{1f600}']) stays(key);
});

test('what has no key goes somewhere', () => {
  expect(ours({ topic: 't', partitionMetadata: among(1), message: { key: null, value: null } })).toBe(0);
});
