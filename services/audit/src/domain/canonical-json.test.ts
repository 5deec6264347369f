import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toCanonicalJson } from './canonical-json.js';

describe('canonical JSON', () => {
  test('is RFC 8785’s', () => {
    expect(toCanonicalJson({ n: [333333333.3333333, 1e30, 4.5, 2e-3, -0], l: [null, true, false] })).toBe(
      '{"l":[null,true,false],"n":[333333333.3333333,1e+30,4.5,0.002,0]}',
    );
    // Sorted by UTF-16 code units: the pair that is 😀 comes before דּ.
    const sorted = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7, '10': 8, '9': 9 };
    expect(toCanonicalJson(sorted)).toBe('{"\\r":2,"1":4,"10":8,"9":9,"\u0080":6,"ö":7,"€":1,"😀":5,"\ufb33":3}');
  });

  test('is one text for one value, whatever the order of its members, and reads back as it', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        const text = toCanonicalJson(value);
        expect(toCanonicalJson(JSON.parse(text))).toBe(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test('there is none of half a character', () => {
    expect(() => toCanonicalJson({ a: ['\ud83d'] })).toThrow();
    expect(() => toCanonicalJson({ 'x\ude00': 1 })).toThrow();
  });
});
