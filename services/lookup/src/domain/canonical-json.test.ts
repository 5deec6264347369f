import fc from 'fast-check';
import { expect, it } from 'vitest';
import { toCanonicalJson } from './canonical-json.js';

it('sorts keys at every depth and leaves out what is undefined', () => {
  expect(toCanonicalJson({ b: [{ d: 1, c: null }], a: 'x', z: undefined })).toBe('{"a":"x","b":[{"c":null,"d":1}]}');
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
