import fc from 'fast-check';
import { expect, it } from 'vitest';
import { toCanonicalJson } from './canonical-json.js';

it('sorts keys at every depth and leaves out what is undefined', () => {
  expect(toCanonicalJson({ b: [{ d: 1, c: null }], a: 'x', z: undefined })).toBe('{"a":"x","b":[{"c":null,"d":1}]}');
});

it('sorts keys that look like numbers as texts, and keeps every key that JSON can have', () => {
  const odd = JSON.parse('{"b":{"10":1,"9":2,"a":3},"__proto__":{"x":1},"a":[{"2":0,"1":0}],"":4}');
  expect(toCanonicalJson(odd)).toBe('{"":4,"__proto__":{"x":1},"a":[{"1":0,"2":0}],"b":{"10":1,"9":2,"a":3}}');
});

it('sorts many keys as it sorts few', () => {
  const keys = Array.from({ length: 40 }, (_, index) => `k${String((index * 7) % 40).padStart(2, '0')}`);
  const text = toCanonicalJson(Object.fromEntries(keys.map((key) => [key, 0])));
  expect(Object.keys(JSON.parse(text))).toEqual([...keys].sort());
});

it('is the same for the same value, whatever the order of its keys, and reads back as it', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = toCanonicalJson(value);
      expect(toCanonicalJson(JSON.parse(text))).toBe(text);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});
