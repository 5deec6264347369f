import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createCsvReader, readCsvLine } from './csv.js';

it('reads back what was written by the rules of RFC 4180', () => {
  const field = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll(/[\r\n]/g, ''));
  fc.assert(
    fc.property(fc.array(field, { minLength: 1 }), (fields) => {
      expect(readCsvLine(fields.map((text) => `"${text.replaceAll('"', '""')}"`).join(','))).toEqual(fields);
    }),
  );
});

it.each([
  ['a,b,', ['a', 'b', '']],
  ['', ['']],
  ['"a,b",c', ['a,b', 'c']],
  ['"a', undefined],
  ['"a"b', undefined],
  ['a"b', undefined],
])('reads %s', (line, fields) => expect(readCsvLine(line)).toEqual(fields));

it('makes the body of a lookup', () => {
  const read = createCsvReader('purpose,consentId,timeBudgetMs,claims,child.name,child.idNumber');
  expect(JSON.parse(read('x,c1,500,"[{""type"":""t""}]",甲,1') ?? '')).toEqual({
    purpose: 'x',
    legalBasis: { type: 'consent', consentId: 'c1' },
    timeBudgetMs: 500,
    claims: [{ type: 't' }],
    subjects: { child: { name: '甲', idNumber: '1' } },
  });
  expect(read('x')).toBeUndefined();
});

it.each(['purpose,nothing', 'purpose,purpose', 'uncle.name', '"purpose'])('refuses the header %s', (header) => {
  expect(() => createCsvReader(header)).toThrow(expect.objectContaining({ code: 'batch_unreadable' }));
});
