import { Answer, Outcome, type Scalar } from '@vouch/proto/evidence/v1/evidence';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAnswer } from './read-answer.js';

const declared = { months: 'integer', current: 'boolean', since: 'date', use: 'code' } as const;

const finding = (disclosures: Record<string, Scalar['kind']> = {}, outcome = Outcome.CONFIRMED, asOf = '2026-08-31'): Answer => ({
  queryId: '1',
  result: {
    $case: 'finding',
    value: { outcome, asOf, disclosures: Object.fromEntries(Object.entries(disclosures).map(([name, kind]) => [name, { kind }])) },
  },
});
const fault = (code: string, retryAfterMs = 0): Answer => ({
  queryId: '1',
  result: { $case: 'fault', value: { code, retryable: true, retryAfterMs } },
});

describe('a good answer', () => {
  it('has its declared disclosures as plain values', () => {
    const answer = finding({
      months: { $case: 'integer', value: 14n },
      current: { $case: 'boolean', value: false },
      since: { $case: 'date', value: '2020-02-29' },
      use: { $case: 'code', value: 'residential' },
    });
    expect(readAnswer(answer, declared)).toEqual({
      ok: true,
      answer: {
        kind: 'finding',
        outcome: 'confirmed',
        asOf: '2026-08-31',
        disclosures: { months: 14, current: false, since: '2020-02-29', use: 'residential' },
      },
    });
  });

  it.each([
    [Outcome.CONFIRMED, 'confirmed'],
    [Outcome.REFUTED, 'refuted'],
    [Outcome.NOT_FOUND, 'not_found'],
    [Outcome.AMBIGUOUS, 'ambiguous'],
  ])('with outcome %s is %s', (outcome, expected) => {
    expect(readAnswer(finding({}, outcome, ''), declared)).toEqual({
      ok: true,
      answer: { kind: 'finding', outcome: expected, asOf: undefined, disclosures: {} },
    });
  });

  it('may be a fault', () => {
    expect(readAnswer(fault('quota_exhausted', 250), declared)).toEqual({
      ok: true,
      answer: { kind: 'fault', code: 'quota_exhausted', retryable: true, retryAfterMs: 250 },
    });
  });
});

describe('a malformed answer', () => {
  it.each([
    ['result_missing', { queryId: '1', result: undefined }],
    ['outcome_unknown', finding({}, Outcome.UNSPECIFIED)],
    ['outcome_unknown', finding({}, 17 as Outcome)],
    ['outcome_unknown', finding({}, Outcome.UNRECOGNIZED)],
    ['as_of_invalid', finding({}, Outcome.CONFIRMED, 'last week')],
    ['disclosure_undeclared', finding({ address: { $case: 'code', value: 'x' } })],
    ['disclosure_undeclared', finding({ ['toString' as string]: { $case: 'code', value: 'x' } })],
    ['disclosure_kind_wrong', finding({ months: { $case: 'code', value: '14' } })],
    ['disclosure_kind_wrong', finding({ months: { $case: 'integer', value: 2n ** 60n } })],
    ['disclosure_kind_wrong', finding({ months: undefined })],
    ['disclosure_kind_wrong', finding({ since: { $case: 'date', value: '2020-13-01' } })],
    ['disclosure_kind_wrong', finding({ use: { $case: 'code', value: '王小明' } })],
    ['disclosure_kind_wrong', finding({ use: { $case: 'code', value: '375001199001011234' } })],
    ['disclosure_of_nobody', finding({ months: { $case: 'integer', value: 1n } }, Outcome.NOT_FOUND)],
    ['fault_code_invalid', fault('')],
    ['fault_code_invalid', fault('No such person: Wang')],
    ['fault_code_invalid', fault('id_375001199001011234')],
  ] as const)('%s', (malformation, answer) => {
    expect(readAnswer(answer, declared)).toEqual({ ok: false, malformation });
  });
});

it('lets only declared disclosures of the declared kinds pass, whatever is sent', () => {
  const scalar = fc.oneof(
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value): Scalar['kind'] => ({ $case: 'integer', value })),
    fc.boolean().map((value): Scalar['kind'] => ({ $case: 'boolean', value })),
    fc.string({ unit: 'grapheme' }).map((value): Scalar['kind'] => ({ $case: 'date', value })),
    fc.string({ unit: 'grapheme' }).map((value): Scalar['kind'] => ({ $case: 'code', value })),
    fc.constant(undefined),
  );
  const name = fc.oneof(fc.constantFrom(...Object.keys(declared)), fc.string());
  const sent = fc.dictionary(name, scalar, { maxKeys: 5, noNullPrototype: true });
  fc.assert(
    fc.property(sent, fc.integer({ min: -1, max: 6 }), fc.string(), (disclosures, outcome, asOf) => {
      // Over the wire and back, as it comes in life.
      const answer = Answer.decode(Answer.encode(finding(disclosures, outcome as Outcome, asOf)).finish());
      const reading = readAnswer(answer, declared);
      if (!reading.ok || reading.answer.kind === 'fault') return;
      for (const [key, value] of Object.entries(reading.answer.disclosures)) {
        const kind = declared[key as keyof typeof declared];
        if (kind === 'integer') expect(value).toSatisfy(Number.isSafeInteger);
        else if (kind === 'boolean') expect(typeof value).toBe('boolean');
        else if (kind === 'date') expect(value).toMatch(/^\d{4}-\d{2}-\d{2}$/);
        else if (kind === 'code') expect(value).toMatch(/^[\w.-]+$/);
        else expect.unreachable(`${key} was never declared`);
      }
    }),
  );
});
