import { Outcome } from '@vouch/proto/evidence/v1/evidence';
import { expect, it } from 'vitest';
import type { Finding } from './finding.js';
import { isResult, toAnswer } from './to-answer.js';

const discloses = { months: 'integer', sole: 'boolean', since: 'date', kind: 'code' } as const;
const answer = (disclosures: Record<string, unknown>, outcome: Finding['outcome'] = 'confirmed') => {
  const dropped: string[] = [];
  const { result } = toAnswer('q', { outcome, disclosures } as Finding, discloses, (name) => dropped.push(name));
  return { disclosed: result?.$case === 'finding' ? Object.keys(result.value.disclosures) : [], dropped };
};

it('lets declared disclosures of their kind pass', () => {
  const good = { months: 12, sole: false, since: '2026-08-31', kind: 'new-build' };
  expect(answer(good)).toEqual({ disclosed: Object.keys(good), dropped: [] });
  expect(answer({ months: undefined })).toEqual({ disclosed: [], dropped: [] });
});

it.each<Record<string, unknown>>([
  { months: 1.5 },
  { months: '12' },
  { sole: 1 },
  { since: '2026-8-31' },
  { since: 20260831 },
  { kind: '新房' },
  { kind: 'a b' },
  { other: 1 },
  { toString: 1 },
])('drops %j', (disclosures) => {
  expect(answer(disclosures)).toEqual({ disclosed: [], dropped: Object.keys(disclosures) });
});

it('discloses nothing of who is not found, or not surely', () => {
  expect(answer({ months: 12 }, 'not_found').disclosed).toEqual([]);
  expect(answer({ months: 12 }, 'ambiguous').disclosed).toEqual([]);
});

it('leaves out an as-of that is no day', () => {
  const { result } = toAnswer('q', { outcome: 'refuted', asOf: 'yesterday' }, {}, () => {});
  expect(result).toEqual({ $case: 'finding', value: { outcome: Outcome.REFUTED, asOf: '', disclosures: {} } });
});

it('knows what is no result', () => {
  for (const value of [
    undefined,
    null,
    'confirmed',
    {},
    { outcome: 'yes' },
    { outcome: 'toString' },
    { fault: {} },
    { fault: { code: 'NO', retryable: true } },
  ]) {
    expect(isResult(value)).toBe(false);
  }
  expect(isResult({ outcome: 'ambiguous' })).toBe(true);
  expect(isResult({ fault: { code: 'agency_timeout', retryable: true } })).toBe(true);
});
