import { Combine, type DescribeResponse, DisclosureKind } from '@vouch/proto/evidence/v1/evidence';
import { expect, it } from 'vitest';
import { compareDescription, readDescribed } from './description.js';
import type { ExpectedClaimType } from './types.js';

const expected: ExpectedClaimType = {
  name: 'tax.deed-tax-paid',
  version: 1,
  agency: 'tax',
  parametersSchema: { type: 'object', properties: { region: { type: 'string' } } },
  disclosures: { paid: 'date' },
  routing: { regionParameter: 'region', combine: 'any' },
  involves: [{ role: 'guardian', required: false }],
};
const described: DescribeResponse = {
  agency: 'tax',
  claimTypes: [
    {
      name: 'tax.deed-tax-paid',
      version: 1,
      parametersSchemaJson: '{"properties":{"region":{"type":"string"}},"type":"object"}',
      disclosures: { paid: DisclosureKind.DATE },
      routing: { regionParameter: 'region', combine: Combine.UNSPECIFIED },
      involves: [{ role: 'guardian', required: false }],
    },
  ],
  regions: ['3701', '3702'],
  largestBatch: 10,
  quotaPerSecond: 0,
  quotaPerDay: 0n,
  streams: true,
  initialWindow: 100,
};
const first = described.claimTypes[0] as DescribeResponse['claimTypes'][number];

it('finds no difference in what is the same said otherwise', () => {
  expect(compareDescription(described, 'tax', [expected, { ...expected, agency: 'police' }], ['370102', '3702'])).toEqual([]);
});

it('reads what the provider answers and discloses', () => {
  expect([...readDescribed(described)]).toEqual([['tax.deed-tax-paid 1', { paid: 'date' }]]);
});

it.each([
  ['another agency', { agency: 'housing' }, 'it answers for another agency than tax'],
  ['another region', { regions: ['3703'] }, 'it does not cover region 370102'],
  ['another version', { claimTypes: [{ ...first, version: 2 }] }, 'it does not answer tax.deed-tax-paid 1'],
  ['another schema', { claimTypes: [{ ...first, parametersSchemaJson: '{}' }] }, 'tax.deed-tax-paid 1 has other parameters'],
  ['no schema', { claimTypes: [{ ...first, parametersSchemaJson: '{' }] }, 'tax.deed-tax-paid 1 has other parameters'],
  ['another kind', { claimTypes: [{ ...first, disclosures: { paid: DisclosureKind.CODE } }] }, 'tax.deed-tax-paid 1 has other disclosures'],
  ['another routing', { claimTypes: [{ ...first, routing: { regionParameter: 'region', combine: Combine.ALL } }] }, 'other routing'],
  ['another role', { claimTypes: [{ ...first, involves: [{ role: 'guardian', required: true }] }] }, 'other involved roles'],
] as const)('tells of %s', (_what, change, alarm) => {
  const alarms = compareDescription({ ...described, ...change } as DescribeResponse, 'tax', [expected], ['370102']);
  expect(alarms).toEqual([expect.stringContaining(alarm)]);
});
