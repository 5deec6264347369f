import { dayBefore } from '@vouch/calendar';
import { type Catalogue, loadCatalogue } from '@vouch/catalogue';
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { decide } from './decide.js';
import type { Family, Records } from './family.js';

// What an explanation foretells, by whole sets: of families for whom things do go on as they are, the day that a category is said to be met from
// is the first application date by which it is met. Insurance is paid each month, permit, lease, job and business run on.

let catalogue: Catalogue;
beforeAll(async () => {
  catalogue = await loadCatalogue();
});

const dayOf = (year: number, dayOfYear: number): string => new Date(Date.UTC(year, 0, dayOfYear)).toISOString().slice(0, 10);

/** When something began, in days before the application; undefined: never. */
const began = fc.option(fc.oneof(fc.integer({ min: 0, max: 420 }), fc.integer({ min: 0, max: 190 })), { nil: undefined, freq: 8 });

const guardianOf = fc.record({
  permit: began,
  insured: began,
  job: began,
  business: fc.option(began, { nil: undefined, freq: 1 }),
  lease: began,
});
const lifeOf = fc.record({
  guardian: guardianOf,
  guardian2: fc.option(guardianOf, { nil: undefined, freq: 1 }),
  registered: fc.option(began, { nil: undefined, freq: 2 }),
  home: fc.option(began, { nil: undefined, freq: 2 }),
  share: fc.constantFrom(100, 50, 51),
  /** Day of the year. */
  applied: fc.integer({ min: 90, max: 230 }),
});
type Life = typeof lifeOf extends fc.Arbitrary<infer T> ? T : never;
type Guardian = Life['guardian'];

/** A family as the registries know it on a day: what begins later is not on record yet. */
function familyOn(known: string, region: string, year: number, life: Life): Family {
  const since = (before: number | undefined): string | undefined => {
    const first = before === undefined ? undefined : dayOf(year, life.applied - before);
    return first !== undefined && first <= known ? first : undefined;
  };
  const recordsOf = ({ permit, insured, job, business, lease }: Guardian): Records => {
    const of = <T>(before: number | undefined, make: (from: string) => T): T[] => {
      const from = since(before);
      return from === undefined ? [] : [make(from)];
    };
    return {
      permits: of(permit, (from) => ({ region, periods: [[from]] as const })),
      // A month is paid, and on record, from its first day on.
      insured: of(insured, (from) => ({ region, from: from.slice(0, 7), to: known.slice(0, 7) })),
      jobs: of(job, (from) => ({ region, from })),
      businesses: of(business, (from) => ({ region, from })),
      leases: of(lease, (from) => ({ region, from, until: `${year + 5}-12-31`, filed: from })),
    };
  };
  const [book, home] = [since(life.registered), since(life.home)];
  const page: Records = book === undefined ? {} : { book: { id: 'family', region, since: book } };
  return {
    born: `${year - 7}-03-01`,
    people: {
      child: page,
      guardian: { ...page, ...recordsOf(life.guardian) },
      ...(life.guardian2 ? { guardian2: recordsOf(life.guardian2) } : {}),
    },
    homes: home === undefined ? [] : [{ region, since: home, owners: { guardian: life.share, aunt: 100 - life.share } }],
  };
}

/** What becomes of each category of a set on a day, and from when it would be met. */
async function categoriesOn(applied: string, id: string, life: Life) {
  const set = catalogue.requirementSet(id);
  const [, , year] = id.split('/');
  const region = (set?.region ?? '').padEnd(6, '02');
  const facts = Object.fromEntries((set?.rules.facts ?? []).map((fact) => [fact.id, true]));
  const { explanation } = await decide(catalogue, id, familyOn(applied, region, Number(year), life), { applied, facts, askAll: true });
  return explanation.categories;
}

it('a category is met from the day that was foretold, and not on the day before', { timeout: 60_000 }, async () => {
  const ids = catalogue.requirementSets.map(({ id }) => id);
  // Sets that count months up to the application, or to a day after it, foretell most.
  const counting = ['370104/primary/2024', '370685/primary/2023', '371502/primary/2025', '5101/primary/2026'];
  const foretold = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.constantFrom(...ids), fc.constantFrom(...counting)), lifeOf, async (id, life) => {
      const applied = dayOf(Number(id.split('/')[2]), life.applied);
      for (const { id: category, from } of await categoriesOn(applied, id, life)) {
        if (from === undefined) continue;
        foretold.set(id, (foretold.get(id) ?? 0) + 1);
        const on = from.length === 7 ? `${from}-01` : from;
        const resultOn = async (applying: string) => (await categoriesOn(applying, id, life)).find((one) => one.id === category)?.result;
        expect([id, category, on, await resultOn(on), await resultOn(dayBefore(on))]).toEqual([id, category, on, 'met', 'not_met']);
      }
    }),
    { numRuns: 1_200, seed: 5 },
  );
  expect([...foretold.values()].reduce((sum, days) => sum + days, 0)).toBeGreaterThan(100);
  for (const id of counting) expect([id, foretold.get(id) ?? 0]).toEqual([id, expect.toSatisfy((days: number) => days > 10)]);
});
