import { counties } from '@vouch/identity';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createClaimType } from './claim-type.js';
import { route } from './routing.js';
import type { ClaimType, Provider } from './types.js';

const claimTypeOf = (regionParameter?: string): ClaimType =>
  createClaimType({
    name: 'housing.no-home-in',
    version: 1,
    agency: 'housing',
    parametersSchema: {},
    disclosures: {},
    routing: { regionParameter, combine: 'all' },
    involves: [],
  });
const provider = (id: string, ...regions: string[]): Provider => ({ id, agency: 'housing', regions, address: 'localhost:1' });
const ids = (providers: readonly Provider[]) => providers.map(({ id }) => id);

const byRegion = claimTypeOf('region');
const province = provider('province', '37');
const jinan = provider('jinan', '3701');
const lixia = provider('lixia', '370102');
const qingdao = provider('qingdao', '3702');

describe('one region', () => {
  it.each([
    ['370102', 'lixia'],
    ['370103', 'jinan'],
    ['370202', 'qingdao'],
    ['370302', 'province'],
    ['370102001002', 'lixia'],
  ])('%s belongs to the longest code that holds it: %s', (region, expected) => {
    expect(ids(route([province, jinan, lixia, qingdao], byRegion, { region }, '370302'))).toEqual([expected]);
  });

  it("is the request's when the claim type names no parameter, or the parameter is left out", () => {
    expect(ids(route([jinan, qingdao], claimTypeOf(), { region: '3702' }, '370102'))).toEqual(['jinan']);
    expect(ids(route([jinan, qingdao], byRegion, {}, '370202'))).toEqual(['qingdao']);
  });

  it('without a provider gives none', () => {
    expect(route([jinan], byRegion, { region: '370202' }, '370102')).toEqual([]);
    expect(route([{ ...jinan, agency: 'tax' }], byRegion, { region: '3701' }, '370102')).toEqual([]);
  });

  it('with several providers of the same code takes the first, or the first that is usable', () => {
    const both = [provider('first', '3701'), provider('second', '3701')];
    expect(ids(route(both, byRegion, { region: '370102' }, '370102'))).toEqual(['first']);
    expect(ids(route(both, byRegion, { region: '370102' }, '370102', ({ id }) => id !== 'first'))).toEqual(['second']);
    expect(ids(route(both, byRegion, { region: '370102' }, '370102', () => false))).toEqual(['first']);
  });
});

describe('several regions', () => {
  it('asks each provider once', () => {
    expect(ids(route([jinan, qingdao], byRegion, { region: ['370102', '370103', '3702'] }, '370102'))).toEqual(['jinan', 'qingdao']);
  });

  it('without a provider for one of them gives none, so that half an answer never looks whole', () => {
    expect(route([jinan], byRegion, { region: ['3701', '3702'] }, '370102')).toEqual([]);
  });
});

describe('a region wider than the providers', () => {
  const cities = [...new Set(counties.map(({ city }) => city))];
  const eachCity = cities.map((city) => provider(city, city));

  it('asks all of them when they cover it', () => {
    expect(ids(route(eachCity, byRegion, { region: '37' }, '370102')).sort()).toEqual([...cities].sort());
  });

  it('gives none when a part is left over', () => {
    expect(route(eachCity.slice(1), byRegion, { region: '37' }, '370102')).toEqual([]);
    expect(route([lixia], byRegion, { region: '3701' }, '370102')).toEqual([]);
  });

  it('asks the wider provider for the rest', () => {
    expect(ids(route([province, qingdao], byRegion, { region: '37' }, '370102')).sort()).toEqual(['province', 'qingdao']);
    expect(ids(route([province, qingdao], byRegion, { region: '3701' }, '370102'))).toEqual(['province']);
  });

  it('leaves out a wider provider when narrower ones hold every part', () => {
    expect(ids(route([province, ...eachCity], byRegion, { region: '37' }, '370102'))).not.toContain('province');
  });
});

it('asks, for any set of providers and any wide region, exactly those that its counties belong to', () => {
  const codes = ['37', ...new Set(counties.map(({ city }) => city)), ...counties.map(({ code }) => code)];
  const someProviders = fc.uniqueArray(fc.constantFrom(...codes), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(someProviders, fc.constantFrom(...codes), (regions, asked) => {
      const providers = regions.map((code) => provider(code, code));
      const inside = counties.filter(({ code }) => code.startsWith(asked));
      const perCounty = inside.map(({ code }) => ids(route(providers, byRegion, { region: code }, '370102'))[0]);
      const expected = perCounty.includes(undefined) ? [] : [...new Set(perCounty)].sort();
      expect(ids(route(providers, byRegion, { region: asked }, '370102')).sort()).toEqual(expected);
    }),
  );
});
