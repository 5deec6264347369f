import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createCsvReader, readCsvLines } from './csv.js';

const field = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll(/[\r\n]/g, ''));
const row = fc.array(field, { minLength: 1 });
const write = (fields: readonly string[]) => fields.map((text) => `"${text.replaceAll('"', '""')}"`).join(',');

it('reads back what was written by the rules of RFC 4180', () => {
  fc.assert(
    fc.property(fc.array(row), (rows) => {
      expect(readCsvLines(rows.map(write))).toEqual(rows);
    }),
  );
});

it('reads a line as if it were alone, whatever is wrong with its neighbours', () => {
  const line = fc.oneof(
    row.map(write),
    fc.string({ minLength: 1 }).map((text) => text.replaceAll(/[\r\n]/g, '"')),
    fc.constantFrom('"', 'a"', '"a', '","'),
  );
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      expect(readCsvLines(lines)).toEqual(lines.map((one) => readCsvLines([one])[0]));
    }),
  );
});

it.each([
  ['a,b,', ['a', 'b', '']],
  ['"a,b",c', ['a,b', 'c']],
  ['"a', undefined],
  ['"a"b', undefined],
  ['a"b', undefined],
])('reads %s', (line, fields) => expect(readCsvLines([line])).toEqual([fields]));

it('makes the body of a lookup', () => {
  const read = createCsvReader('purpose,consentId,timeBudgetMs,claims,child.name,child.idNumber');
  const [made, other] = read(['x,c1,500,"[{""type"":""t""}]",甲,1', 'x']);
  expect(other).toBeUndefined();
  expect(JSON.parse(made ?? '')).toEqual({
    purpose: 'x',
    legalBasis: { type: 'consent', consentId: 'c1' },
    timeBudgetMs: 500,
    claims: [{ type: 't' }],
    subjects: { child: { name: '甲', idNumber: '1' } },
  });
});

it.each(['purpose,nothing', 'purpose,purpose', 'uncle.name', '"purpose'])('refuses the header %s', (header) => {
  expect(() => createCsvReader(header)).toThrow(expect.objectContaining({ code: 'batch_unreadable' }));
});
