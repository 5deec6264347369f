import { describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { type Adapter, defineAdapter, type Person } from './adapter.js';
import { describeAdapter } from './describe.js';
import { day, monthOrDay, regionCode, regionOrAddressCode } from './parameters.js';

describe('defineAdapter', () => {
  it('types each check by the schema, the roles and the disclosures beside it', () => {
    defineAdapter({
      agency: 'tax',
      regions: ['37'],
      claimTypes: {
        one: {
          version: 1,
          parameters: z.strictObject({ at: day(), share: z.int().optional(), only: z.boolean().default(true) }),
          routing: { combine: 'any' },
          involves: { coOwner: 'optional', guardian: 'required' },
          discloses: { months: 'integer', since: 'date' },
          check: (batch) =>
            batch.map(({ parameters, persons }) => {
              expectTypeOf(parameters).toEqualTypeOf<{ at: string; share?: number | undefined; only: boolean }>();
              expectTypeOf(persons.guardian).toEqualTypeOf<Person>();
              expectTypeOf(persons.coOwner).toEqualTypeOf<Person | undefined>();
              return { outcome: 'confirmed', disclosures: { months: 1, since: '2026-01-01' } };
            }),
        },
        two: {
          version: 1,
          parameters: z.strictObject({}),
          routing: { combine: 'all' },
          discloses: {},
          async check(batch) {
            return batch.map(({ persons }) => {
              expectTypeOf(persons).toHaveProperty('subject');
              expectTypeOf(persons).not.toHaveProperty('guardian');
              return { outcome: 'refuted' };
            });
          },
        },
      },
    });
  });

  it('names every fault of a definition at once', () => {
    const claimType = {
      version: 0,
      parameters: z.object({}),
      routing: { regionParameter: 'region', combine: 'any' },
      discloses: {},
      check: () => [],
    };
    const define = () =>
      defineAdapter({ agency: 'tax', regions: ['370'], claimTypes: { Wrong: claimType } } as unknown as Parameters<
        typeof defineAdapter
      >[0]);
    expect(define).toThrow(/370 is not[\s\S]*kebab-case[\s\S]*versions[\s\S]*strictObject[\s\S]*does not exist/);
  });
});

it('describeAdapter is sorted, and its schema leaves defaults optional', () => {
  const claimType = (parameters: z.ZodObject) => ({
    version: 2,
    parameters,
    routing: { combine: 'any' as const },
    involves: { z: 'required' as const, a: 'optional' as const },
    discloses: { z: 'date' as const, a: 'code' as const },
    check: () => [],
  });
  const adapter: Adapter = {
    agency: 'housing',
    regions: ['37'],
    claimTypes: { b: claimType(z.strictObject({ only: z.boolean().default(true), at: day() })), a: claimType(z.strictObject({})) },
  };
  const described = describeAdapter(adapter);
  expect(described.map(({ name }) => name)).toEqual(['housing.a', 'housing.b']);
  expect(described[1]).toMatchObject({
    version: 2,
    agency: 'housing',
    involves: [
      { role: 'a', required: false },
      { role: 'z', required: true },
    ],
    parametersSchema: { required: ['at'], additionalProperties: false },
  });
  expect(Object.keys(described[0]?.disclosures ?? {})).toEqual(['a', 'z']);
});

describe('parameters', () => {
  it('day takes calendar days only', () => {
    expect(day().safeParse('2024-02-29').success).toBe(true);
    for (const wrong of ['2026-02-29', '2026-2-1', '20260201', '2026-02-01T00:00:00Z', ''])
      expect(day().safeParse(wrong).success).toBe(false);
  });

  it('monthOrDay takes both', () => {
    for (const good of ['2026-08', '2026-08-31']) expect(monthOrDay().safeParse(good).success).toBe(true);
    for (const wrong of ['2026-13', '2026', '2026-08-32']) expect(monthOrDay().safeParse(wrong).success).toBe(false);
  });

  it('regions have 2, 4 or 6 digits, address codes more', () => {
    for (const good of ['37', '3701', '370102']) expect(regionCode().safeParse(good).success).toBe(true);
    for (const wrong of ['3', '370', '37010', '3701021', '0701', '']) expect(regionCode().safeParse(wrong).success).toBe(false);
    for (const good of ['37', '370102', '3701020', '370102001002003004']) expect(regionOrAddressCode().safeParse(good).success).toBe(true);
    for (const wrong of ['370', '37010', '3701020010020030041']) expect(regionOrAddressCode().safeParse(wrong).success).toBe(false);
  });
});
