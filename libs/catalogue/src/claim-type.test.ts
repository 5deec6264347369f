import { describe, expect, it } from 'vitest';
import { createClaimType, PARAMETER_FAULTS } from './claim-type.js';

const claimType = createClaimType({
  name: 'housing.owns-home',
  version: 1,
  agency: 'housing',
  parametersSchema: {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: {
      region: {
        anyOf: [
          { type: 'string', pattern: '^\\d{6}$' },
          { type: 'array', items: { type: 'string' }, minItems: 1 },
        ],
      },
      minimumShare: { type: 'integer', minimum: 1, maximum: 100 },
      registeredBefore: { type: 'string', format: 'date' },
      use: { enum: ['residential', 'any'] },
      note: { type: 'string', maxLength: 5000 },
    },
    required: ['region'],
    additionalProperties: false,
  },
  disclosures: {},
  routing: { regionParameter: 'region', combine: 'any' },
  involves: [],
});
const faultsOf = (parameters: unknown) => claimType.validate(parameters).map(({ pointer, code }) => `${pointer} ${code}`);

describe('validate', () => {
  it('accepts what the schema accepts', () => {
    expect(faultsOf({ region: '370102', minimumShare: 50, registeredBefore: '2026-08-31', use: 'any' })).toEqual([]);
    expect(faultsOf({ region: ['370102', '370103'] })).toEqual([]);
  });

  it('finds every fault at once', () => {
    const parameters = { minimumShare: 0, registeredBefore: '2026-02-30', use: 'shop', note: 1, extra: true };
    expect(faultsOf(parameters).sort()).toEqual([
      '/extra unknown_field',
      '/minimumShare too_small',
      '/note type_wrong',
      '/region required',
      '/registeredBefore format_invalid',
      '/use value_not_allowed',
    ]);
  });

  it('reports a union once', () => {
    expect(faultsOf({ region: 7 })).toEqual(['/region value_invalid']);
  });

  it.each([undefined, null, 'text', 7, []])('refuses %j as parameters', (parameters) => {
    expect(faultsOf(parameters)).toEqual([' type_wrong']);
  });

  it('refuses more than 4096 bytes', () => {
    expect(faultsOf({ region: '370102', note: 'x'.repeat(4096) })).toEqual([' too_large']);
  });

  it('refuses what is nested deeper than can be written down', () => {
    const deep = JSON.parse(`${'{"region":'.repeat(20_000)}1${'}'.repeat(20_000)}`);
    expect(faultsOf(deep)).toEqual([' too_large']);
  });

  it('echoes no value, not even one used as a field name', () => {
    const idNumber = '375001199001011234';
    const faults = claimType.validate({ region: idNumber, [idNumber]: idNumber, use: idNumber, minimumShare: idNumber });
    expect(faults.length).toBeGreaterThan(2);
    expect(JSON.stringify(faults)).not.toContain(idNumber);
  });

  it('uses only the codes that are listed', () => {
    for (const { code } of claimType.validate({ extra: 1, use: 2 })) expect(Object.keys(PARAMETER_FAULTS)).toContain(code);
  });
});
