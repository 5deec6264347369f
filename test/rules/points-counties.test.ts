import { type Catalogue, loadCatalogue } from '@vouch/catalogue';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Application, decide } from './decide.js';
import type { Family, Records } from './family.js';

// Sets that count points, and those of other provinces, which can be tried on stated facts only.

let catalogue: Catalogue;
beforeAll(async () => {
  catalogue = await loadCatalogue();
});

const decided = async (set: string, family: Family, application: Application) => {
  const { evaluation, reached, points } = await decide(catalogue, set, family, application);
  const met = evaluation.verdict === 'met' && evaluation.possible.length === 0;
  return [met ? reached : evaluation.verdict, met && catalogue.requirementSet(set)?.rules.points ? points.total.least : undefined] as const;
};
const people = (guardian: Records, guardian2?: Records, child: Records = {}): Family['people'] => ({
  child,
  guardian,
  ...(guardian2 ? { guardian2 } : {}),
});
const permit = (region: string, from: string, until?: string): Records => ({ permits: [{ region, periods: [[from, until]] }] });
const insured = (region: string, from: string, to: string, over: { late?: string[]; except?: string[] } = {}): Records => ({
  insured: [{ region, from, to, ...over }],
});
const book = (region: string, since: string): Records => ({ book: { id: 'family', region, since } });

describe('370104/primary/2024 (Huaiyin): permit 1.0, insurance 0.5 a month, both parents, 72 months at most', () => {
  const huaiyin = (family: Family, facts = {}) => decided('370104/primary/2024', family, { applied: '2024-08-31', facts });
  const renter = (held: string, from: string, second?: Records) => ({
    people: people({ ...permit('370104', held), ...insured('370104', from, '2024-08') }, second),
  });

  it('counts each month once', async () => {
    expect(await huaiyin(renter('2024-02-29', '2024-03'))).toEqual(['renting', 6 + 3]);
    expect(await huaiyin(renter('2023-08-31', '2023-09'))).toEqual(['renting', 12 + 6]);
  });
  it('adds the parents up', async () => {
    const second = { ...permit('370104', '2023-08-31'), ...insured('370104', '2024-08', '2024-08') };
    expect(await huaiyin(renter('2024-02-29', '2024-03', second))).toEqual(['renting', 6 + 3 + 12 + 0.5]);
  });
  it('stops at 72 months of each', async () => {
    expect(await huaiyin(renter('2018-08-31', '2018-09'))).toEqual(['renting', 72 + 36]);
    expect(await huaiyin(renter('2010-08-31', '2010-09'))).toEqual(['renting', 72 + 36]);
  });
  it('wants six months of each', async () => {
    expect((await huaiyin(renter('2024-03-01', '2024-03')))[0]).toBe('not_met');
    expect((await huaiyin(renter('2024-02-29', '2024-04')))[0]).toBe('not_met');
  });
  it('wants no permit of who is registered in another urban district', async () => {
    const neighbour = (region: string) => ({
      people: people({ ...book(region, '2000-01-01'), ...insured('370104', '2024-03', '2024-08') }),
    });
    expect(await huaiyin(neighbour('370102'))).toEqual(['renting', 3]);
    expect((await huaiyin(neighbour('370202')))[0]).toBe('not_met');
  });
  it('takes a contract with its invoice beside a title', async () => {
    const buyer = { people: people({ presales: [{ region: '370104', filed: '2024-08-31' }] }) };
    expect((await huaiyin(buyer, { 'full-invoice': true }))[0]).toBe('own-home');
    expect((await huaiyin(buyer))[0]).toBe('undetermined');
    expect(
      (await huaiyin({ people: people({ presales: [{ region: '370104', filed: '2024-09-01' }] }) }, { 'full-invoice': true }))[0],
    ).toBe('not_met');
  });
});

describe('370811/primary/2021 (Rencheng): home 1.0 a month up to 60, rent 0.25 up to 15', () => {
  const rencheng = (family: Family, facts: Record<string, boolean> = {}) =>
    decided('370811/primary/2021', family, { applied: '2021-08-31', facts: { forged: false, ...facts } });
  const owner = (share: number, since: string): Family => ({
    people: people({}),
    homes: [{ region: '370811', since, owners: { guardian: share, aunt: 100 - share } }],
  });
  const renter = (from: string, paid?: string): Family => {
    const rent = { region: '370811', from, until: '2022-12-31' };
    return { people: people({ leases: [rent], ...(paid === undefined ? {} : { rentalTaxes: [{ ...rent, paid }] }) }) };
  };

  it('counts full months since the title, up to 60', async () => {
    expect(await rencheng(owner(50, '2020-08-31'))).toEqual(['by-points', 12]);
    expect(await rencheng(owner(50, '2020-09-01'))).toEqual(['by-points', 11]);
    expect(await rencheng(owner(50, '2010-01-01'))).toEqual(['by-points', 60]);
  });
  it('wants half', async () => {
    expect((await rencheng(owner(49, '2020-08-31')))[0]).toBe('not_met');
  });
  it('counts rent from the payment of its tax, and wants a year of lease', async () => {
    expect(await rencheng(renter('2020-08-31', '2020-08-31'))).toEqual(['by-points', 3]);
    expect(await rencheng(renter('2020-08-31', '2020-09-01'))).toEqual(['by-points', 2.75]);
    expect(await rencheng(renter('2014-08-31', '2014-08-31'))).toEqual(['by-points', 15]);
    expect(await rencheng(renter('2014-08-31', '2021-08-31'))).toEqual(['by-points', 0]);
    expect((await rencheng(renter('2014-08-31', '2021-09-01')))[0]).toBe('not_met');
    expect((await rencheng(renter('2020-09-01', '2020-09-01')))[0]).toBe('not_met');
    expect((await rencheng(renter('2020-08-31')))[0]).toBe('not_met');
  });
  it('takes all points for false papers', async () => {
    expect(await rencheng(owner(50, '2020-08-31'), { forged: true })).toEqual(['by-points', 0]);
  });
});

describe("440306/primary/2025 (Bao'an): the class gives the base, 0.1 a month on top", () => {
  const baoan = (family: Family) => decided('440306/primary/2025', family, { applied: '2025-04-30' });
  const home = (region: string, share: number): Family['homes'] => [
    { region, since: '2024-04-30', owners: { guardian: share, aunt: 100 - share } },
  ];
  const lease = (from: string, until = '2026-01-31'): Records => ({ leases: [{ region: '440306', from, until, filed: from }] });

  it('51 % of a home, by register', async () => {
    expect(await baoan({ people: people({}, {}, book('440306', '2020-01-01')), homes: home('440306', 51) })).toEqual([
      'district-home',
      105 + 1.2,
    ]);
    expect(await baoan({ people: people({}, {}, book('440304', '2020-01-01')), homes: home('440306', 51) })).toEqual([
      'city-home',
      100 + 1.2,
    ]);
    expect(await baoan({ people: people({}, {}), homes: home('440306', 51) })).toEqual(['outside-home', 75 + 1.2]);
    expect((await baoan({ people: people({}, {}), homes: home('440306', 50) }))[0]).toBe('not_met');
  });
  it('95 without a home in the city becomes 70 with one elsewhere', async () => {
    const renter = { people: people(lease('2024-04-30'), {}, book('440306', '2020-01-01')) };
    expect(await baoan(renter)).toEqual(['district-rent-no-home', 95 + 1.2]);
    expect(await baoan({ ...renter, homes: home('440304', 1) })).toEqual(['district-rent', 70 + 1.2]);
  });
  it('a lease of an outside register, on file a year before', async () => {
    expect(await baoan({ people: people(lease('2024-04-30'), {}) })).toEqual(['outside-rent', 60 + 1.2]);
    expect((await baoan({ people: people(lease('2024-05-01'), {}) }))[0]).toBe('not_met');
    expect((await baoan({ people: people(lease('2024-04-30', '2025-12-30'), {}) }))[0]).toBe('not_met');
  });
});

describe('440307 (Longgang): the same family under the sets of 2017 and 2021', () => {
  const longgang = (year: number, family: Family, facts: Record<string, boolean> = { 'only-child': true, 'zone-register': false }) =>
    decided(`440307/primary/${year}`, family, { applied: `${year}-04-01`, completeTo: `${year}-03-31`, facts });
  const family = (year: number, months: number): Family => ({
    people: people({
      ...insured('440307', `${year - 3}-04`, `${year}-03`, {
        except: Array.from(
          { length: 36 - months },
          (_, index) => `${year - 3 + Math.floor((index + 3) / 12)}-${String(((index + 3) % 12) + 1).padStart(2, '0')}`,
        ),
      }),
      leases: [{ region: '440307', from: `${year - 1}-04-01`, until: `${year}-12-31` }],
    }),
  });

  it('insurance counts from the thirteenth month, at half the rate', async () => {
    expect(await longgang(2017, family(2017, 36))).toEqual(['outside-rent', 65.6]);
    expect(await longgang(2021, family(2021, 36))).toEqual(['outside-rent', 63.4]);
    expect(await longgang(2021, family(2021, 12))).toEqual(['outside-rent', 62.2]);
    expect(await longgang(2021, family(2021, 13))).toEqual(['outside-rent', 62.25]);
  });
  it('more than half of a home', async () => {
    const owner = (share: number): Family => ({
      people: people({}, {}, book('440307', '2015-01-01')),
      homes: [{ region: '440307', since: '2020-01-01', owners: { guardian: share, aunt: 100 - share } }],
    });
    expect((await longgang(2021, owner(51)))[0]).toBe('district-home');
    expect((await longgang(2021, owner(50)))[0]).toBe('not_met');
  });
});

describe('5101/primary/2026 (Chengdu): six unbroken months, with the month of application', () => {
  const chengdu = (
    records: Records,
    facts: Record<string, boolean> = { 'points-of-job': false, 'points-of-abode': false, 'tax-or-exempt': false },
  ) => decided('5101/primary/2026', { people: people(records) }, { applied: '2026-04-30', completeTo: '2026-04-30', facts });
  const abode = permit('510104', '2025-10-01');

  it('six months to April', async () => {
    expect((await chengdu({ ...abode, ...insured('510104', '2025-11', '2026-04') }))[0]).toBe('papers');
    expect((await chengdu({ ...abode, ...insured('510104', '2025-12', '2026-04') }))[0]).toBe('not_met');
    expect((await chengdu({ ...abode, ...insured('510104', '2025-10', '2026-03') }))[0]).toBe('not_met');
    expect((await chengdu({ ...abode, ...insured('510104', '2025-06', '2026-04', { except: ['2026-01'] }) }))[0]).toBe('not_met');
    expect((await chengdu({ ...abode, ...insured('510104', '2025-11', '2026-04', { late: ['2026-01'] }) }))[0]).toBe('not_met');
  });
  it('abode of six months to 1 April, broken by a day', async () => {
    const held = (from: string) => ({ ...permit('510104', from), ...insured('510104', '2025-11', '2026-04') });
    expect((await chengdu(held('2025-10-02')))[0]).toBe('not_met');
    const gap: Records = {
      permits: [{ region: '510104', periods: [['2025-09-01', '2025-12-31'], ['2026-01-02']] }],
      ...insured('510104', '2025-11', '2026-04'),
    };
    expect((await chengdu(gap))[0]).toBe('not_met');
  });
  it('the points route, and a licence with its tax', async () => {
    expect((await chengdu({}, { 'points-of-job': true, 'points-of-abode': true }))[0]).toBe('points');
    const trader = { ...abode, businesses: [{ region: '510104', from: '2026-04-30' }] };
    expect((await chengdu(trader, { 'tax-or-exempt': true, 'points-of-job': false }))[0]).toBe('papers');
  });
});

describe('110108/primary/2025 (Haidian): every month of a window, and no back-payment', () => {
  const haidian = (over: Records) =>
    decided(
      '110108/primary/2025',
      {
        people: people({
          ...permit('110108', '2024-09-01'),
          leases: [{ region: '110108', from: '2024-01-01', until: '2025-12-31' }],
          ...over,
        }),
      },
      { applied: '2025-06-10', completeTo: '2025-05-31' },
    );

  it('September to May', async () => {
    expect((await haidian(insured('110108', '2024-09', '2025-05')))[0]).toBe('four-proofs');
    expect((await haidian(insured('110108', '2024-10', '2025-05')))[0]).toBe('not_met');
    expect((await haidian(insured('110108', '2024-09', '2025-05', { except: ['2025-01'] })))[0]).toBe('not_met');
    expect((await haidian(insured('110105', '2024-09', '2025-05')))[0]).toBe('not_met');
  });
  it('one back-payment in the window fails the file, and one before it does not', async () => {
    expect((await haidian(insured('110108', '2024-01', '2025-05', { late: ['2025-05'] })))[0]).toBe('not_met');
    expect((await haidian(insured('110108', '2024-01', '2025-05', { late: ['2024-08'] })))[0]).toBe('four-proofs');
  });
});

describe('3101/primary/2024 (Shanghai): six months in any order in a window', () => {
  const shanghai = (records: Records) =>
    decided('3101/primary/2024', { people: people({ ...permit('310104', '2024-06-30'), ...records }) }, { applied: '2024-06-30' });

  it('inside the window, in any order, not paid late', async () => {
    const gaps = ['2023-08', '2023-10', '2023-12', '2024-02', '2024-04', '2024-06'];
    expect((await shanghai(insured('310104', '2023-07', '2024-06', { except: gaps })))[0]).toBe('migrant');
    expect((await shanghai(insured('310104', '2023-07', '2024-06', { except: [...gaps, '2024-05'] })))[0]).toBe('not_met');
    expect((await shanghai(insured('310104', '2023-06', '2024-06', { except: [...gaps, '2024-05'] })))[0]).toBe('not_met');
    expect((await shanghai(insured('310104', '2023-07', '2024-06', { except: gaps, late: ['2024-05'] })))[0]).toBe('not_met');
  });
  it('or flexible work for three years, and a permit in any case', async () => {
    expect((await shanghai({ flexible: [{ region: '310104', from: '2021-06-30' }] }))[0]).toBe('migrant');
    expect((await shanghai({ flexible: [{ region: '310104', from: '2021-07-01' }] }))[0]).toBe('not_met');
    expect((await shanghai({ ...permit('310104', '2024-07-01'), ...insured('310104', '2023-07', '2024-06') }))[0]).toBe('not_met');
  });
});
