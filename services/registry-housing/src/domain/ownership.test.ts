import { describe, expect, it } from 'vitest';
import { ruleOnOwnership, type WantedHome } from './ownership.js';
import type { Owner, Title } from './title.js';

const TODAY = '2026-09-29';
const title = (over: Partial<Title> = {}): Title => ({
  addressCode: '370102001002003004',
  residential: true,
  registeredOn: '2022-05-10',
  handedOverOn: '2021-12-01',
  transferredOn: undefined,
  owners: [{ idNumber: 'mother', share: 100 }],
  ...over,
});
const record = (titles: Title[], unnumberedTitles: Title[] = []) => ({ titles, unnumberedTitles });
const shares = (mother: number, father: number): Owner[] => [
  { idNumber: 'mother', share: mother },
  { idNumber: 'father', share: father },
];
const wanted = { region: '370102', residentialOnly: true, firstOwnerDecides: false, restWithOthers: false };
const rule = (titles: Title[], over: Partial<WantedHome> = {}, coOwners: string[] = [], others: string[] = []) =>
  ruleOnOwnership(record(titles), { subject: 'mother', coOwners, others }, { ...wanted, ...over }, TODAY);

describe('owns-home', () => {
  it('is confirmed in the region and for the beginning of the address code', () => {
    for (const region of ['37', '3701', '370102', '370102001002', '370102001002003004']) {
      expect(rule([title()], { region })).toEqual({ outcome: 'confirmed', disclosures: { since: '2022-05-10', months: 52 } });
    }
    for (const region of ['370103', '370102001003']) expect(rule([title()], { region })).toEqual({ outcome: 'refuted', disclosures: {} });
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
    const named = (file: ReturnType<typeof record>, home: WantedHome) =>
      ruleOnOwnership(file, { subject: 'mother', coOwners: [], others: [] }, home, TODAY);
    expect(named(record([], [nameless]), wanted)).toEqual({ outcome: 'ambiguous' });
    expect(named(record([title()], [nameless]), wanted).outcome).toBe('confirmed');
    expect(named(record([], [nameless]), { ...wanted, region: '370202' }).outcome).toBe('refuted');
  });

  it('keeps 51 and more than 50 apart', () => {
    const half = (share: number) => [title({ owners: shares(share, 100 - share) })];
    expect(rule(half(50), { moreThanShare: 50 }).outcome).toBe('refuted');
    expect(rule(half(50.5), { moreThanShare: 50 }).outcome).toBe('confirmed');
    expect(rule(half(50.5), { minimumShare: 51 }).outcome).toBe('refuted');
    expect(rule(half(51), { minimumShare: 51 }).outcome).toBe('confirmed');
    expect(rule(half(51), { minimumShare: 51, moreThanShare: 51 }).outcome).toBe('refuted');
  });

  it('minds who holds the rest', () => {
    const three = title({ owners: [...shares(40, 20), { idNumber: 'grandfather', share: 40 }] });
    const strict = { moreThanShare: 50, restWithOthers: true };
    expect(rule([three], strict, ['father'], ['grandfather']).outcome).toBe('confirmed');
    expect(rule([three], strict, ['father'], ['grandmother']).outcome).toBe('refuted');
    expect(rule([three], strict, ['father']).outcome).toBe('refuted');
    // The rest may be theirs; it is not added up.
    expect(rule([three], strict, [], ['father', 'grandfather']).outcome).toBe('refuted');
    expect(rule([three], { restWithOthers: true }, ['father', 'grandfather']).outcome).toBe('confirmed');
  });

  it('lets the first owner decide where no share is printed, when told so', () => {
    const joint = (...owners: string[]) => [title({ owners: owners.map((idNumber) => ({ idNumber, share: undefined })) })];
    const first = { minimumShare: 51, firstOwnerDecides: true };
    expect(rule(joint('mother', 'aunt'), first).outcome).toBe('confirmed');
    expect(rule(joint('aunt', 'mother'), first).outcome).toBe('refuted');
    expect(rule(joint('mother', 'aunt'), { minimumShare: 51 }).outcome).toBe('ambiguous');
    expect(rule([title({ owners: shares(50, 50) })], first).outcome).toBe('refuted');
  });

  it('counts months of ownership to the day, and tells from when they are enough', () => {
    const years = { at: '2026-08-31', ownedMonths: 36 };
    expect(rule([title({ registeredOn: '2023-08-31' })], years).outcome).toBe('confirmed');
    expect(rule([title({ registeredOn: '2023-09-01' })], years)).toEqual({
      outcome: 'refuted',
      disclosures: { months: 35, earliestIfUnchanged: '2026-09-01' },
    });
    const then = (at: string) =>
      ruleOnOwnership(
        record([title({ registeredOn: '2023-12-31' })]),
        { subject: 'mother', coOwners: [], others: [] },
        { ...wanted, at, ownedMonths: 36 },
        '2027-01-15',
      ).outcome;
    expect(rule([title({ registeredOn: '2023-12-31' })], years)).toMatchObject({ disclosures: { earliestIfUnchanged: '2026-12-31' } });
    expect(then('2026-12-31')).toBe('confirmed');
    expect(then('2026-12-30')).toBe('refuted');
  });

  it('tells no day where time is not what is missing', () => {
    const years = { ownedMonths: 120 };
    expect(rule([title({ owners: shares(40, 60) })], { ...years, minimumShare: 50 })).toEqual({ outcome: 'refuted', disclosures: {} });
    expect(rule([title()], { ...years, registeredBefore: '2022-05-09' })).toEqual({ outcome: 'refuted', disclosures: { months: 52 } });
    expect(rule([title({ transferredOn: '2026-09-01' })], years)).toEqual({ outcome: 'refuted', disclosures: {} });
  });
});
