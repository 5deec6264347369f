import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { digestOf, toLeaf } from './leaf.js';

const source = {
  id: '0191-e',
  type: 'vouch.audit.recorded',
  time: new Date('2026-08-01T08:00:00Z'),
  payload: { b: 1, a: 'ä' },
  salt: Buffer.alloc(16, 7),
};

describe('a leaf', () => {
  test('is canonical JSON of id, type, time and digest', () => {
    const digest = createHash('sha256').update(source.salt).update('{"a":"ä","b":1}').digest('base64');
    expect(toLeaf(source).bytes.toString()).toBe(
      `{"digest":"${digest}","id":"0191-e","time":"2026-08-01T08:00:00.000Z","type":"vouch.audit.recorded"}`,
    );
  });

  test('is the same for the same payload in another order of members, and another with another salt', () => {
    expect(toLeaf({ ...source, payload: { a: 'ä', b: 1 } })).toEqual(toLeaf(source));
    expect(toLeaf({ ...source, salt: Buffer.alloc(16, 8) }).bytes).not.toEqual(toLeaf(source).bytes);
  });

  test('holds nothing of the payload', () => {
    expect(toLeaf({ ...source, payload: { pseudonym: 'k1.secret' } }).bytes.toString()).not.toContain('secret');
  });

  test('is hashed as RFC 9162 hashes leaves: the empty leaf’s hash is that of one zero byte', () => {
    const { bytes, hash } = toLeaf(source);
    expect(hash).toEqual(
      createHash('sha256')
        .update(Buffer.concat([Buffer.of(0), bytes]))
        .digest(),
    );
  });
});

test('numbers and strings are written as RFC 8785 writes them', () => {
  const salt = Buffer.alloc(16);
  const asText = (text: string) => createHash('sha256').update(salt).update(text).digest();
  expect(digestOf({ n: [333333333.3333333, 1e30, 4.5, 2e-3] }, salt)).toEqual(asText('{"n":[333333333.3333333,1e+30,4.5,0.002]}'));
  expect(digestOf({ '€': '\u000f\n"\\', '\r': 1 }, salt)).toEqual(asText('{"\\r":1,"€":"\\u000f\\n\\"\\\\"}'));
});
