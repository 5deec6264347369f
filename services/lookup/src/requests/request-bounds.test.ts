import { loadCatalogue } from '@vouch/catalogue';
import { VouchError } from '@vouch/errors';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { readConsentRequest, readDecision } from '../consenting/consent-request.js';
import { toProblem } from './problem.js';
import { consentRequestSchema, decisionRequestSchema, verificationRequestSchema } from './request-schemas.js';
import { readVerificationRequest } from './verification-request.js';

const catalogue = await loadCatalogue();
const readLookup = (body: unknown) => readVerificationRequest(body, catalogue);
const readConsent = (body: unknown) => readConsentRequest(body, catalogue, new Date());

const items = (count: number) => Array.from({ length: count }, () => ({}));
const fields = (count: number, value: unknown = 1) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`field${i}`, value]));

function refusalOf(read: () => unknown): VouchError {
  try {
    read();
  } catch (failure) {
    if (failure instanceof VouchError) return failure;
    throw failure;
  }
  throw new Error('was accepted');
}

const schemas = [verificationRequestSchema, consentRequestSchema, decisionRequestSchema].map((schema) => vi.spyOn(schema, 'safeParse'));
afterEach(() => vi.clearAllMocks());

describe('what has too many members is refused before the schema looks at it', () => {
  it.each([
    ['claims', readLookup, { claims: items(85_000) }, '/claims'],
    ['fields', readLookup, fields(20_000), ''],
    ['fields of a claim', readLookup, { claims: [{}, fields(20_000)] }, '/claims/1'],
    ['roles', readLookup, { claims: [{ with: fields(20_000) }] }, '/claims/0/with'],
    ['parameters', readLookup, { claims: [{ parameters: fields(20_000) }] }, '/claims/0/parameters'],
    ['subjects', readLookup, { subjects: fields(21, {}) }, '/subjects'],
    ['fields of a subject', readLookup, { subjects: { child: fields(51) } }, '/subjects/child'],
    ['fields of a legal basis', readLookup, { legalBasis: fields(51) }, '/legalBasis'],
    ['items', readLookup, items(85_000), ''],
    ['claim types', readConsent, { claimTypes: items(85_000) }, '/claimTypes'],
    ['subjects of a claim type', readConsent, { claimTypes: [{ subjects: items(85_000) }] }, '/claimTypes/0/subjects'],
    ['subjects of a consent', readConsent, { subjects: fields(20_000, {}) }, '/subjects'],
    ['parts', readDecision, { parts: items(201) }, '/parts'],
    ['fields of a part', readDecision, { parts: [fields(51)] }, '/parts/0'],
  ] as const)('%s', (_what, read, body, pointer) => {
    const { code, faults } = refusalOf(() => read(body));
    expect([code, faults.map((fault) => [fault.pointer, fault.code])]).toEqual(['request_invalid', [[pointer, 'too_large']]]);
    for (const schema of schemas) expect(schema).not.toHaveBeenCalled();
  });
});

it('tells 100 faults at most', () => {
  const error = refusalOf(() => readLookup({ claims: Array.from({ length: 50 }, () => fields(50)) }));
  expect(error.faults).toHaveLength(100);
  expect(JSON.stringify(toProblem(error, 'trace')).length).toBeLessThan(16_384);
});

it('refuses parameters that are nested too deep as too large', () => {
  const parameters = JSON.parse(`${'{"region":'.repeat(20_000)}1${'}'.repeat(20_000)}`);
  const { faults } = refusalOf(() => readLookup({ claims: [{ type: 'housing.owns-home', subject: 'child', parameters }] }));
  expect(faults.map(({ pointer, code }) => `${pointer} ${code}`)).toContain('/claims/0/parameters too_large');
});

it('counts the characters of a name in its normal form', () => {
  const pointersOf = (name: string) => refusalOf(() => readLookup({ subjects: { child: { name } } })).faults.map(({ code }) => code);
  expect(pointersOf('e\u0301'.repeat(100))).not.toContain('name_too_long');
  expect(pointersOf('e\u0301'.repeat(101))).toContain('name_too_long');
});
