import { type ICustomPartitioner, Partitioners } from 'kafkajs';

/**
 * Partitions as kafkajs and every other client of Kafka choose them: keys stay where they are. kafkajs works out the hash in 64-bit numbers
 * that are objects, which costs more than the rest of sending an event to the right partition.
 */
export const createKeyPartitioner: ICustomPartitioner = () => {
  const withoutKey = Partitioners.DefaultPartitioner();
  return (chosen) => {
    const { key } = chosen.message;
    if (key === null || key === undefined) return withoutKey(chosen);
    return (murmur2(Buffer.from(key)) & 0x7fffffff) % chosen.partitionMetadata.length;
  };
};

const SEED = 0x9747b28c;
const M = 0x5bd1e995;

/** MurmurHash2, 32 bits, as in the Java client's `Utils.murmur2`. */
function murmur2(data: Buffer): number {
  const { length } = data;
  const whole = length - (length % 4);
  let hash = SEED ^ length;
  for (let index = 0; index < whole; index += 4) {
    let word = Math.imul(data.readInt32LE(index), M);
    word = Math.imul(word ^ (word >>> 24), M);
    hash = Math.imul(hash, M) ^ word;
  }
  if (whole < length) {
    hash ^= data.readUIntLE(whole, length - whole);
    hash = Math.imul(hash, M);
  }
  hash = Math.imul(hash ^ (hash >>> 13), M);
  return hash ^ (hash >>> 15);
}
