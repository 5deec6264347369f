import { counties } from '@vouch/identity';
import { regionData } from 'element-china-area-data';
import { describe, expect, it } from 'vitest';
import { neighboursOf, settle, settlementAt } from './counties.js';

describe('counties', () => {
  it('are those of the Statistics Bureau, without its statistics-only zones', () => {
    const shandong = regionData.find(({ value }) => value === '37');
    const theirs = shandong?.children?.flatMap((city) => (city.children ?? []).map(({ value, label }) => `${value} ${label}`)) ?? [];
    const real = theirs.filter((entry) => entry.charAt(4) !== '7');
    expect(counties.map(({ code, name }) => `${code} ${name}`).sort()).toEqual(real.sort());
  });

  it('divide the space of families by size, without gap or overlap', () => {
    const space = 1 << 20;
    const settlements = settle(space);
    expect(settlements).toHaveLength(136);
    expect(settlements[0]?.from).toBe(0);
    expect(settlements.at(-1)?.to).toBe(space);
    for (const [at, { from, to }] of settlements.entries()) {
      expect(to).toBeGreaterThan(from);
      expect(settlements[at + 1]?.from ?? space).toBe(to);
      expect(settlementAt(settlements, from)).toBe(settlements[at]);
      expect(settlementAt(settlements, to - 1)).toBe(settlements[at]);
    }
  });

  it('have neighbours in their own city', () => {
    expect(neighboursOf('370102')).toHaveLength(11);
    expect(neighboursOf('370102').every((code) => code.startsWith('3701') && code !== '370102')).toBe(true);
  });
});
