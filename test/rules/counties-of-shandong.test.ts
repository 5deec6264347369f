import { type Catalogue, loadCatalogue } from '@vouch/catalogue';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Application, decide } from './decide.js';
import type { Family, Records } from './family.js';

// Families on both sides of every threshold of the counties' sets, decided by the registries' own rulings over their records.

let catalogue: Catalogue;
beforeAll(async () => {
  catalogue = await loadCatalogue();
});

type Case = readonly [about: string, family: Family, expected: string, application?: Partial<Application>];

/** What came of a family: the category that it reaches, or the verdict. */
const outcome = async (set: string, family: Family, application: Application): Promise<string> => {
  const { evaluation, reached } = await decide(catalogue, set, family, application);
  return evaluation.verdict === 'met' && evaluation.possible.length === 0 ? (reached ?? '') : evaluation.verdict;
};

function golden(set: string, applied: string, cases: readonly Case[]): void {
  describe(set, () => {
    it.each(cases.map(([about, family, expected, own]) => ({ about, family, expected, own })))(
      '$about',
      async ({ family, expected, own }) => {
        expect(await outcome(set, family, { applied, ...own })).toBe(expected);
      },
    );
  });
}

const insured = (region: string, from: string, to: string, over: { except?: string[]; late?: string[] } = {}): Records => ({
  insured: [{ region, from, to, ...over }],
});
const permit = (region: string, ...periods: [string, string?][]): Records => ({ permits: [{ region, periods }] });
const both = (records: Records): Family => ({ people: { child: {}, guardian: records, guardian2: records } });
const one = (records: Records, over: Partial<Family> = {}): Family => ({ people: { child: {}, guardian: records }, ...over });
const book = (region: string, since: string, id = 'family'): Records => ({ book: { id, region, since } });

const licheng = (months: Records, held: Records = permit('370112', ['2020-08-31'])) => both({ ...held, ...months });
golden('370112/primary/2021', '2021-08-31', [
  ['a year of both', licheng(insured('370112', '2020-09', '2021-08')), 'migrant'],
  ['one month short', licheng(insured('370112', '2020-10', '2021-08')), 'not_met'],
  ['insured anywhere in Jinan', licheng(insured('370102', '2020-09', '2021-08')), 'migrant'],
  ['insured in another city', licheng(insured('370202', '2020-09', '2021-08')), 'not_met'],
  ['a month that is missing', licheng(insured('370112', '2020-06', '2021-08', { except: ['2021-03'] })), 'not_met'],
  ['a month that was paid late', licheng(insured('370112', '2020-09', '2021-08', { late: ['2021-03'] })), 'not_met'],
  ['a permit a day late', licheng(insured('370112', '2020-09', '2021-08'), permit('370112', ['2020-09-01'])), 'not_met'],
  [
    'a permit renewed in time',
    licheng(insured('370112', '2020-09', '2021-08'), permit('370112', ['2020-08-31', '2021-02-28'], ['2021-03-01'])),
    'migrant',
  ],
  [
    'a permit that lapsed for a day',
    licheng(insured('370112', '2020-09', '2021-08'), permit('370112', ['2020-08-31', '2021-02-27'], ['2021-03-01'])),
    'not_met',
  ],
  ['a business for a year', licheng({ businesses: [{ region: '370112', from: '2020-08-31' }] }), 'migrant'],
  ['a business a day short', licheng({ businesses: [{ region: '370112', from: '2020-09-01' }] }), 'not_met'],
  [
    'both guardians are needed',
    { people: { child: {}, guardian: { ...permit('370112', ['2020-08-31']), ...insured('370112', '2020-09', '2021-08') }, guardian2: {} } },
    'not_met',
  ],
  [
    'a second guardian who is not named must be seen',
    one({ ...permit('370112', ['2020-08-31']), ...insured('370112', '2020-09', '2021-08') }),
    'undetermined',
  ],
]);

golden('370103/transfer/2022', '2022-08-31', [
  ['a permit for six months', one(permit('370103', ['2022-02-28'])), 'transfer'],
  ['a day less', one(permit('370103', ['2022-03-01'])), 'not_met'],
  ['six months of insurance', one(insured('370103', '2022-03', '2022-08')), 'transfer'],
  ['five', one(insured('370103', '2022-04', '2022-08')), 'not_met'],
  [
    'a home in the district',
    one({}, { homes: [{ region: '370103', since: '2022-08-01', owners: { guardian: 10, aunt: 90 } }] }),
    'transfer',
  ],
  [
    'a shop in the district',
    one({}, { homes: [{ region: '370103', since: '2022-08-01', owners: { guardian: 100 }, shop: true }] }),
    'not_met',
  ],
]);

const laiwu = (over: Partial<Family> = {}): Family => ({
  people: { child: book('370116', '2018-01-01'), guardian: book('370116', '2010-01-01') },
  homes: [{ region: '370116', since: '2015-01-01', owners: { guardian: 100 } }],
  ...over,
});
golden('370116/primary/2024', '2024-08-20', [
  ['lived in, first child of the dwelling', laiwu(), 'home-and-hukou', { facts: { 'lives-there': true, 'dwelling-used': false } }],
  ['lived in, and the dwelling gave a seat', laiwu(), 'not_met', { facts: { 'lives-there': true, 'dwelling-used': true } }],
  ['nobody has looked yet', laiwu(), 'undetermined'],
  ['not lived in', laiwu(), 'not_met', { facts: { 'lives-there': false, 'dwelling-used': false } }],
  [
    'a register elsewhere, with a home',
    { ...laiwu(), people: { child: book('371302', '2018-01-01'), guardian: {} } },
    'migrant',
    { facts: { 'dwelling-used': true } },
  ],
  ['a register elsewhere, with a permit', one(permit('370116', ['2024-08-20'])), 'migrant', { applied: '2024-08-31' }],
  ['a register elsewhere, neither', one({}), 'not_met'],
]);

const laoshan = (shares: Record<string, number>): Family => ({
  people: { child: book('370212', '2019-01-01'), guardian: book('370212', '2015-01-01'), guardian2: {} },
  homes: [{ region: '370212', since: '2016-01-01', owners: shares }],
});
const lease = (from: string, filed = from): Records => ({ leases: [{ region: '370212', from, until: '2025-12-31', filed }] });
const laoshanWorker = (over: Records) =>
  one({ ...permit('370212', ['2023-11-30']), jobs: [{ region: '370212', from: '2020-01-01' }], ...over });
golden('370212/primary/2024', '2024-06-10', [
  ['the whole home, of both parents', laoshan({ guardian: 50, guardian2: 50 }), 'local', { facts: { 'lives-there': true } }],
  ['99 %', laoshan({ guardian: 50, guardian2: 49, uncle: 1 }), 'not_met', { facts: { 'lives-there': true } }],
  ['rents for half a year to 31 May', laoshanWorker(lease('2023-11-30')), 'migrant', { completeTo: '2024-06-10' }],
  ['rents a day less', laoshanWorker(lease('2023-12-01')), 'not_met'],
  ['permit a day less', laoshanWorker({ ...lease('2023-11-30'), ...permit('370212', ['2023-12-01']) }), 'not_met'],
  ['no work', { ...laoshanWorker({ ...lease('2023-11-30'), jobs: [] }) }, 'not_met'],
]);

const shinan = (over: Records, homes: Family['homes'] = []): Family =>
  one({ ...permit('370202', ['2021-11-30']), businesses: [{ region: '370202', from: '2020-01-01' }], ...over }, { homes });
golden('370202/primary/2022', '2022-06-10', [
  ['whole home', shinan({}, [{ region: '370202', since: '2020-01-01', owners: { guardian: 100 } }]), 'migrant'],
  ['half of a home', shinan({}, [{ region: '370202', since: '2020-01-01', owners: { guardian: 50, aunt: 50 } }]), 'not_met'],
  [
    'contract, invoice and deed tax',
    shinan({ presales: [{ region: '370202', filed: '2022-05-31' }], deedTaxes: [{ region: '370202', paid: '2022-05-31' }] }),
    'migrant',
    { facts: { 'full-invoice': true } },
  ],
  [
    'deed tax a day late',
    shinan({ presales: [{ region: '370202', filed: '2022-05-31' }], deedTaxes: [{ region: '370202', paid: '2022-06-01' }] }),
    'not_met',
    { facts: { 'full-invoice': true } },
  ],
  [
    'contract, invoice not seen',
    shinan({ presales: [{ region: '370202', filed: '2022-05-31' }], deedTaxes: [{ region: '370202', paid: '2022-05-31' }] }),
    'undetermined',
  ],
  ['lease for half a year', shinan({ leases: [{ region: '370202', from: '2021-11-30', until: '2023-01-01' }] }), 'migrant'],
  ['lease a day short', shinan({ leases: [{ region: '370202', from: '2021-12-01', until: '2023-01-01' }] }), 'not_met'],
]);

const warned = (since: string): Family => ({ people: { child: book('370202', since), guardian: {} } });
const inZone = (entryYear: number): Partial<Application> => ({ entryYear, facts: { 'warned-zone': true } });
golden('370202/primary/2024', '2026-06-30', [
  ['the day that binds 2024', warned('2022-08-01'), 'in-time', inZone(2024)],
  ['a day later', warned('2022-08-02'), 'later', inZone(2024)],
  ['the day that binds 2025', warned('2022-08-01'), 'in-time', inZone(2025)],
  ['a day later, 2025', warned('2022-08-02'), 'later', inZone(2025)],
  ['the same family enters in 2026', warned('2022-08-02'), 'in-time', inZone(2026)],
  ['the day that binds 2026', warned('2023-08-01'), 'in-time', inZone(2026)],
  ['a day later, 2026', warned('2023-08-02'), 'later', inZone(2026)],
  ['a year for which nothing is announced: which of the two is open', warned('2020-01-01'), 'met', inZone(2027)],
  ['registered elsewhere', { people: { child: book('370212', '2020-01-01'), guardian: {} } }, 'not_met', inZone(2026)],
  ['zone not seen', warned('2020-01-01'), 'undetermined', { entryYear: 2026 }],
]);

const chengyang = (share: number, since = '2026-05-31'): Family => ({
  people: { child: book('370214', since), guardian: {} },
  homes: [{ region: '370214', since: '2020-01-01', owners: { guardian: share, aunt: 100 - share } }],
});
golden('370214/primary/2026', '2026-08-31', [
  ['51 %, registered in time', chengyang(51), 'register-and-home'],
  ['50 % is not more than half', chengyang(50), 'register-only'],
  ['51 %, registered a day late', chengyang(51, '2026-06-01'), 'home-only'],
  ['permit only', one(permit('370214', ['2026-08-31'])), 'migrant'],
  ['nothing', one({}), 'not_met'],
]);

const laishan = (share: number): Family => ({
  people: { child: book('370613', '2021-01-01'), guardian: book('370613', '2015-01-01') },
  homes: [{ region: '370613', since: '2020-01-01', owners: { guardian: share, grandparent1: 100 - share } }],
});
const laishanElders = (before: Records['before'], own = false): Family => ({
  born: '2019-10-15',
  people: { child: { ...book('370613', '2020-04-15'), before }, guardian: {}, guardian2: {}, grandparent1: book('370613', '1990-01-01') },
  homes: [
    { region: '370613', since: '2000-01-01', owners: { grandparent1: 100 } },
    ...(own ? [{ region: '370613', since: '2022-01-01', owners: { guardian2: 1, aunt: 99 } }] : []),
  ],
});
golden('370613/primary/2026', '2026-06-10', [
  ['50 %', laishan(50), 'first'],
  ['49 %', laishan(49), 'not_met'],
  ["on the grandparents' book since birth", laishanElders([]), 'first'],
  [
    'on another book for the first days',
    laishanElders([{ id: 'own', region: '370613', since: '2020-04-01', until: '2020-04-15' }]),
    'not_met',
  ],
  ['a hundredth of a home of their own', laishanElders([], true), 'not_met'],
]);

const zhifu = (over: Partial<Family> = {}): Family => ({
  born: '2017-02-28',
  people: {
    child: book('370602', '2017-08-28'),
    guardian: book('370602', '2010-01-01'),
    guardian2: {},
    grandparent1: book('370602', '1990-01-01'),
  },
  homes: [{ region: '370602', since: '2000-01-01', owners: { grandparent1: 100 } }],
  ...over,
});
const movedTogether = (since: string) => zhifu({ people: { ...zhifu().people, child: book('370602', since) } });
const rental = (since: string): Family => ({
  people: {
    child: book('370602', since, 'own'),
    guardian: { leases: [{ region: '370602', from: '2020-01-01', until: '2024-12-31', public: true }] },
  },
});
golden('370602/primary/2023', '2023-08-31', [
  ['three generations since birth', zhifu(), 'three-generations'],
  ['registered six months after birth', { ...movedTogether('2019-06-30'), born: '2018-12-30' }, 'three-generations'],
  ['registered a day later', { ...movedTogether('2019-07-01'), born: '2018-12-30' }, 'pool'],
  ['moved together five years ago', movedTogether('2018-08-31'), 'three-generations'],
  ['a day less than five years', movedTogether('2018-09-01'), 'pool'],
  ['public rental, registered five years', rental('2018-08-31'), 'public-rental'],
  ['public rental, a day less', rental('2018-09-01'), 'pool'],
  [
    'the parents own a home, register elsewhere than it',
    zhifu({
      homes: [...(zhifu().homes ?? []), { region: '370602', since: '2020-01-01', owners: { guardian: 100 } }],
      people: { ...zhifu().people, guardian: book('370602', '2010-01-01', 'own') },
    }),
    'pool',
  ],
]);

const zhaoyuan = (from: string, jobEnds?: string): Family =>
  one({
    ...permit('370685', ['2023-07-01']),
    insured: [{ region: '370685', from, to: '2023-06' }],
    jobs: [{ region: '370685', from: '2020-01-01', ...(jobEnds ? { until: jobEnds } : {}) }],
  });
const inJuly = { applied: '2023-07-01', completeTo: '2023-06-30' };
golden('370685/primary/2023', '2023-07-01', [
  ['six months, still paying', zhaoyuan('2023-01'), 'migrant', inJuly],
  ['five months, still paying', zhaoyuan('2023-02'), 'not_met', inJuly],
  ['six months, no longer paying', zhaoyuan('2023-01', '2023-06-29'), 'not_met', inJuly],
]);

const donggang = (since: string, titled: string, born = '2019-08-31'): Family => ({
  born,
  people: { child: book('371102', since), guardian: {} },
  homes: [{ region: '371102', since: titled, owners: { guardian: 100 } }],
});
golden('371102/primary/2025', '2025-08-31', [
  ['register and title on the last day', donggang('2025-07-31', '2025-07-31'), 'register-and-home', { facts: { 'lives-there': true } }],
  ['register a day late', donggang('2025-08-01', '2025-07-31'), 'home-only', { facts: { 'lives-there': true } }],
  ['title a day late', donggang('2025-07-31', '2025-08-01'), 'not_met', { facts: { 'lives-there': true } }],
  ['six on the last day', donggang('2025-07-31', '2025-07-31', '2019-08-31'), 'register-and-home', { facts: { 'lives-there': true } }],
  ['six a day late', donggang('2025-07-31', '2025-07-31', '2019-09-01'), 'not_met', { facts: { 'lives-there': true } }],
]);

const kuiwen = (over: Partial<Family> & { child?: Records; guardian?: Records } = {}): Family => {
  const { child = book('370705', '2018-01-01'), guardian = book('370705', '2010-01-01'), ...rest } = over;
  return { people: { child, guardian, guardian2: {} }, ...rest };
};
const kuiwenHome: Family['homes'] = [{ region: '370705', since: '2019-01-01', owners: { guardian: 100 } }];
const rents = (from: string): Records => ({ leases: [{ region: '370705', from, until: '2023-01-01' }] });
golden('370705/primary/2022', '2022-08-31', [
  ['lives where it is registered', kuiwen({ homes: kuiwenHome }), 'class-1', { facts: { 'lives-there': true } }],
  ['owns another home', kuiwen({ homes: kuiwenHome }), 'class-2', { facts: { 'lives-there': false } }],
  ['rents for a year', kuiwen({ guardian: { ...book('370705', '2010-01-01'), ...rents('2021-08-31') } }), 'class-3'],
  ['rents a day less', kuiwen({ guardian: { ...book('370705', '2010-01-01'), ...rents('2021-09-01') } }), 'not_met'],
  [
    'rents, owns in a neighbour district',
    kuiwen({
      homes: [{ region: '370702', since: '2019-01-01', owners: { guardian2: 1, aunt: 99 } }],
      guardian: { ...book('370705', '2010-01-01'), ...rents('2021-08-31') },
    }),
    'not_met',
  ],
  [
    'no register, home, work',
    kuiwen({ child: {}, guardian: { jobs: [{ region: '370705', from: '2022-08-31' }] }, homes: kuiwenHome }),
    'class-4',
  ],
  ['no register, home, no work', kuiwen({ child: {}, guardian: {}, homes: kuiwenHome }), 'class-5'],
  [
    'no register, rents, work',
    kuiwen({ child: {}, guardian: { jobs: [{ region: '370705', from: '2022-08-31' }], ...rents('2021-08-31') } }),
    'class-6',
  ],
  [
    'no register, rents a day less',
    kuiwen({ child: {}, guardian: { jobs: [{ region: '370705', from: '2022-08-31' }], ...rents('2021-09-01') } }),
    'not_met',
  ],
]);

const sishui = (shares: Record<string, number>): Family => ({
  people: { child: book('370831', '2019-01-01'), guardian: book('370831', '2015-01-01'), guardian2: {}, grandparent1: {} },
  homes: [{ region: '370831', since: '2018-01-01', owners: shares }],
});
golden('370831/primary/2023', '2023-08-31', [
  ['51 %, the rest with a grandparent', sishui({ guardian: 51, grandparent1: 49 }), 'parents-home'],
  ['a little more than half', sishui({ guardian: 50.5, grandparent1: 49.5 }), 'parents-home'],
  ['exactly half', sishui({ guardian: 50, grandparent1: 50 }), 'not_met'],
  ['26 % and 25 % together', sishui({ guardian: 26, guardian2: 25, grandparent1: 49 }), 'parents-home'],
  ['51 %, the rest with an aunt', sishui({ guardian: 51, aunt: 49 }), 'not_met'],
  ['all of it', sishui({ guardian: 100 }), 'parents-home'],
]);

const lanshan = (share: number, since = '2022-08-31'): Family => ({
  people: { child: book('371302', '2019-01-01'), guardian: book('371302', '2015-01-01') },
  homes: [{ region: '371302', since, owners: { guardian: share, aunt: 100 - share } }],
});
const lanshanMigrant = (over: Records = {}, home = '371302') =>
  one({ ...insured('371302', '2022-08', '2022-08'), ...(home ? permit(home, ['2022-08-31']) : {}), ...over });
const sishuiElders = (sisters: number): Family => ({
  people: {
    child: { ...book('370831', '2019-01-01'), parents: ['guardian', 'guardian2'] },
    guardian: { parents: ['grandparent1'], sisters },
    guardian2: {},
    grandparent1: {},
  },
  homes: [{ region: '370831', since: '2000-01-01', owners: { grandparent1: 100 } }],
});
golden('370831/primary/2023', '2023-08-31', [
  ["the grandparents' home, for an only child", sishuiElders(0), 'grandparents-home', { facts: { 'lives-there': true } }],
  ['one of two children', sishuiElders(1), 'not_met', { facts: { 'lives-there': true } }],
]);

golden('371302/primary/2022', '2022-08-31', [
  ['50 %, titled on the last day', lanshan(50), 'batch-1', { facts: { 'lives-there': true } }],
  ['49 %', lanshan(49), 'not_met', { facts: { 'lives-there': true } }],
  ['titled a day late', lanshan(100, '2022-09-01'), 'not_met', { facts: { 'lives-there': true }, completeTo: '2022-09-10' }],
  [
    'a resettlement agreement',
    {
      ...lanshan(49),
      people: {
        ...lanshan(49).people,
        guardian: { ...book('371302', '2015-01-01'), resettlements: [{ region: '371302', signed: '2022-08-31' }] },
      },
    },
    'batch-1',
    { facts: { 'lives-there': true } },
  ],
  ['permit and a month of insurance', lanshanMigrant(), 'migrant'],
  ['no permit', lanshanMigrant({}, ''), 'not_met'],
  ['no permit, register of a neighbour area', lanshanMigrant(book('371311', '2000-01-01'), ''), 'migrant'],
  ['no month of insurance', lanshanMigrant({ insured: [] }), 'not_met'],
]);

const xintai = (share: number): Family => ({
  people: { child: book('370982', '2019-01-01'), guardian: book('370982', '2015-01-01'), guardian2: {} },
  homes: [{ region: '370982', since: '2018-01-01', owners: { guardian: share, aunt: 100 - share } }],
});
golden('370982/primary/2024', '2024-08-31', [
  ['all of it', xintai(100), 'class-1'],
  ['99 %: neither whole nor none', xintai(99), 'not_met'],
  ['register, no home', { ...xintai(100), homes: [] }, 'class-3'],
  ['register elsewhere, home', { ...xintai(99), people: { child: {}, guardian: {} } }, 'class-4'],
  ['register elsewhere, works', one({ jobs: [{ region: '370982', from: '2024-08-31' }] }), 'class-5'],
]);

const liaocheng = (to: string, held = '2024-12-30'): Family =>
  one(
    { ...permit('371502', [held]), insured: [{ region: '371502', from: '2025-01', to }] },
    { homes: [{ region: '371502', since: '2020-01-01', owners: { guardian: 30, aunt: 70 } }] },
  );
golden('371502/primary/2025', '2025-06-30', [
  ['six months of work and permit', liaocheng('2025-06'), 'migrant'],
  ['a month that is not yet paid', liaocheng('2025-05'), 'not_met'],
  ['a permit a day short', liaocheng('2025-06', '2024-12-31'), 'not_met'],
  [
    'full title',
    {
      people: { child: book('371502', '2019-01-01'), guardian: book('371502', '2015-01-01') },
      homes: [{ region: '371502', since: '2018-01-01', owners: { guardian: 100 } }],
    },
    'full-title',
  ],
  [
    'part of a title',
    {
      people: { child: book('371502', '2019-01-01'), guardian: book('371502', '2015-01-01') },
      homes: [{ region: '371502', since: '2018-01-01', owners: { guardian: 99, aunt: 1 } }],
    },
    'part-title',
  ],
  ['no title', { people: { child: book('371502', '2019-01-01'), guardian: book('371502', '2015-01-01') } }, 'no-title'],
]);

const lixia = (over: Records = {}): Family =>
  one({
    ...permit('370102', ['2025-08-31']),
    leases: [{ region: '370102', from: '2025-01-01', until: '2026-12-31' }],
    ...insured('370102', '2025-09', '2026-08'),
    ...over,
  });
const lixiaOwner = (share: number, collective = false): Family => ({
  people: {
    child: { book: { id: 'family', region: '370102', since: '2021-01-01', collective } },
    guardian: { ...book('370102', '2015-01-01'), deedTaxes: [{ region: '370102', paid: '2020-01-01' }] },
  },
  homes: [{ region: '370102', since: '2020-01-01', owners: { guardian: share, aunt: 100 - share } }],
});
golden('370102/primary/2026', '2026-08-31', [
  ['half of a home', lixiaOwner(50), 'local-household-own-home'],
  ['49 %', lixiaOwner(49), 'not_met'],
  ['a collective household', lixiaOwner(100, true), 'not_met'],
  ['a year of permit and insurance', lixia(), 'migrant-renting'],
  ['one month short', lixia(insured('370102', '2025-10', '2026-08')), 'not_met'],
  ['a month paid late', lixia(insured('370102', '2025-09', '2026-08', { late: ['2026-01'] })), 'not_met'],
  ['a permit a day short', lixia(permit('370102', ['2025-09-01'])), 'not_met'],
  ['a lease that ended the day before', lixia({ leases: [{ region: '370102', from: '2025-01-01', until: '2026-08-30' }] }), 'not_met'],
]);
