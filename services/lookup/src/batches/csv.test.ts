import fc from 'fast-check';
import { expect, it } from 'vitest';
import { verificationRequestSchema } from '../requests/request-schemas.js';
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

it('makes stated facts and numbers of columns, and leaves what is neither to the row’s check', () => {
  const read = createCsvReader('entryYear,retryForSeconds,facts.lives-there,facts.hukou_seen');
  const bodies = read(['2026,0,true,false', '2026,never,,toString', ',,,']).map((body) => JSON.parse(body ?? ''));
  expect(bodies).toEqual([
    { entryYear: 2026, retryForSeconds: 0, facts: { 'lives-there': true, hukou_seen: false }, subjects: {} },
    { entryYear: 2026, retryForSeconds: 'never', facts: { hukou_seen: 'toString' }, subjects: {} },
    { subjects: {} },
  ]);
});

it('has a column for whatever a lookup may say', () => {
  const { claims: _claims, subjects: _subjects, facts: _facts, legalBasis: _basis, ...plain } = verificationRequestSchema.shape;
  const further = ['claims', 'facts.seen', 'legalBasis', 'consentId', 'child.idNumber', 'child.name'];
  expect(() => createCsvReader([...Object.keys(plain), ...further].join(','))).not.toThrow();
});

it.each(['purpose,nothing', 'purpose,purpose', 'uncle.name', 'facts.__proto__', '"purpose'])('refuses the header %s', (header) => {
  expect(() => createCsvReader(header)).toThrow(expect.objectContaining({ code: 'batch_unreadable' }));
});
