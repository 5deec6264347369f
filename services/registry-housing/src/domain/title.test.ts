import { describe, expect, it } from 'vitest';
import { type Owner, ruleOnNoHome, ruleOnOwnership, type Title } from './title.js';

const TODAY = '2026-09-29';
const title = (over: Partial<Title> = {}): Title => ({
  addressCode: '370102001002003004',
  residential: true,
  registeredOn: '2022-05-10',
  transferredOn: undefined,
  owners: [{ idNumber: 'mother', share: 100 }],
  ...over,
});
const record = (titles: Title[], unnumberedTitles: Title[] = []) => ({ titles, unnumberedTitles });
const shares = (mother: number, father: number): Owner[] => [
  { idNumber: 'mother', share: mother },
  { idNumber: 'father', share: father },
];
const wanted = { region: '370102', residentialOnly: true };
const rule = (
  titles: Title[],
  over: Partial<typeof wanted & { minimumShare: number; registeredBefore: string }> = {},
  coOwners: string[] = [],
) => ruleOnOwnership(record(titles), 'mother', coOwners, { ...wanted, ...over }, TODAY);

describe('owns-home', () => {
  it('is confirmed in the region and for the beginning of the address code', () => {
    for (const region of ['37', '3701', '370102', '370102001002', '370102001002003004']) {
      expect(rule([title()], { region })).toEqual({ outcome: 'confirmed', disclosures: { since: '2022-05-10' } });
    }
    for (const region of ['370103', '370102001003']) expect(rule([title()], { region })).toEqual({ outcome: 'refuted' });
  });

  it('counts the day of registration itself', () => {
    expect(rule([title()], { registeredBefore: '2022-05-10' }).outcome).toBe('confirmed');
    expect(rule([title()], { registeredBefore: '2022-05-09' }).outcome).toBe('refuted');
  });

  it('takes shares exactly', () => {
    expect(rule([title({ owners: shares(51, 49) })], { minimumShare: 51 }).outcome).toBe('confirmed');
    expect(rule([title({ owners: shares(50, 50) })], { minimumShare: 51 }).outcome).toBe('refuted');
    expect(rule([title({ owners: shares(50, 50) })], { minimumShare: 50 }).outcome).toBe('confirmed');
    expect(rule([title({ owners: shares(99, 1) })], { minimumShare: 100 }).outcome).toBe('refuted');
  });

  it('adds the shares of co-owners in one home, not over homes', () => {
    const three = [...shares(30, 21), { idNumber: 'grandfather', share: 49 }];
    expect(rule([title({ owners: three })], { minimumShare: 51 }, ['father']).outcome).toBe('confirmed');
    expect(rule([title({ owners: three })], { minimumShare: 52 }, ['father']).outcome).toBe('refuted');
    const half = title({
      owners: [
        { idNumber: 'mother', share: 50 },
        { idNumber: 'aunt', share: 50 },
      ],
    });
    expect(rule([half, half], { minimumShare: 51 }).outcome).toBe('refuted');
  });

  it('wants a share of the subject, however much a co-owner holds', () => {
    expect(rule([title({ owners: [{ idNumber: 'father', share: 100 }] })], {}, ['father']).outcome).toBe('refuted');
  });

  it('knows joint ownership as the whole when all are named, and no share otherwise', () => {
    const joint = title({
      owners: [
        { idNumber: 'mother', share: undefined },
        { idNumber: 'father', share: undefined },
      ],
    });
    expect(rule([joint], { minimumShare: 100 }, ['father']).outcome).toBe('confirmed');
    expect(rule([joint], { minimumShare: 50 })).toEqual({ outcome: 'ambiguous' });
    expect(rule([joint]).outcome).toBe('confirmed');
  });

  it('leaves out what was sold, and shops unless told otherwise', () => {
    expect(rule([title({ transferredOn: TODAY })]).outcome).toBe('refuted');
    expect(rule([title({ transferredOn: '2026-09-30' })]).outcome).toBe('confirmed');
    expect(rule([title({ residential: false })]).outcome).toBe('refuted');
    expect(rule([title({ residential: false })], { residentialOnly: false }).outcome).toBe('confirmed');
  });

  it('is ambiguous where only a title without an ID number fits', () => {
    const nameless = title({ owners: [] });
    expect(ruleOnOwnership(record([], [nameless]), 'mother', [], wanted, TODAY)).toEqual({ outcome: 'ambiguous' });
    expect(ruleOnOwnership(record([title()], [nameless]), 'mother', [], wanted, TODAY).outcome).toBe('confirmed');
    expect(ruleOnOwnership(record([], [nameless]), 'mother', [], { ...wanted, region: '370202' }, TODAY).outcome).toBe('refuted');
  });
});

describe('no-home-in', () => {
  const noHome = (titles: Title[], regions = ['370102'], unnumbered: Title[] = []) =>
    ruleOnNoHome(record(titles, unnumbered), regions, TODAY).outcome;

  it('is confirmed without any home in the regions', () => {
    expect(noHome([])).toBe('confirmed');
    expect(noHome([title()], ['370103', '370104'])).toBe('confirmed');
    expect(noHome([title({ residential: false })])).toBe('confirmed');
    expect(noHome([title({ transferredOn: '2024-01-01' })])).toBe('confirmed');
  });

  it('is refuted by one per cent of a home in one of them', () => {
    expect(noHome([title({ owners: shares(1, 99) })], ['370103', '370102'])).toBe('refuted');
  });

  it('is ambiguous by a title without an ID number', () => {
    expect(noHome([], ['370102'], [title()])).toBe('ambiguous');
    expect(noHome([], ['370103'], [title()])).toBe('confirmed');
  });
});
