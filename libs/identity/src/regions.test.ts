import { describe, expect, it } from 'vitest';
import { counties, county, isRegion, isWithin, regionName } from './regions.js';

describe('regions', () => {
  it('lists the 136 counties of 16 cities', () => {
    expect(counties).toHaveLength(136);
    expect(new Set(counties.map(({ code }) => code)).size).toBe(136);
    expect(new Set(counties.map(({ city }) => city)).size).toBe(16);
    expect(county('370102')).toEqual({ code: '370102', name: '历下区', city: '3701', cityName: '济南' });
  });

  it.each([
    ['37', true],
    ['3701', true],
    ['370102', true],
    ['34', true],
    ['341204', true],
    ['3712', false],
    ['370176', false],
    ['370199', false],
    ['370100', false],
    ['370000', false],
    ['99', false],
    ['990101', false],
    ['37010', false],
    ['370102001', false],
    ['', false],
    ['3７0102', false],
  ])('%j is a region: %s', (code, expected) => expect(isRegion(code)).toBe(expected));

  it('knows what lies inside and what it is called', () => {
    expect(isWithin('370102', '3701')).toBe(true);
    expect(isWithin('370102', '3702')).toBe(false);
    expect(['37', '3701', '370102', '341204'].map(regionName)).toEqual(['山东省', '济南市', '济南市历下区', undefined]);
  });
});
