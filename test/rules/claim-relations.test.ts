import { loadCatalogue, type Stronger } from '@vouch/catalogue';
import { createPopulation, type Family, type Person } from '@vouch/population';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { claimImplies } from '../../libs/catalogue-lint/src/reason/compare-claims.js';
import { createHousingAdapter } from '../../services/registry-housing/src/service.js';
import { createPoliceAdapter } from '../../services/registry-police/src/service.js';
import { createSocialSecurityAdapter } from '../../services/registry-social-security/src/service.js';
import { createTaxAdapter } from '../../services/registry-tax/src/service.js';

// What `claim-relations.yaml` says of claim types the registries' own rulings must bear out: whoever is confirmed to be what asks more is never refuted of
// what asks less.

const population = createPopulation({ families: 4_000 });
const adapters = [createPoliceAdapter, createHousingAdapter, createTaxAdapter, createSocialSecurityAdapter].map((create) =>
  create(population),
);
const catalogue = await loadCatalogue();
const relations = new Map(catalogue.evidence.relations.map((relation) => [relation.claim, relation]));
const facts = {
  relation: (type: string) => relations.get(type),
  claimType: (type: string, version: number) => catalogue.claimType(type, version),
};

interface Schema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly anyOf?: readonly Schema[];
}

const DAYS = ['2014-06-30', '2019-01-31', '2022-08-31', '2024-12-31', '2025-08-31', '2026-02-28', '2026-05-31', '2026-08-31'];
const NUMBERS = [0, 1, 2, 3, 6, 7, 12, 24, 36, 50, 51, 60, 99, 100, 120];

/** Values of a parameter, near where records differ. */
function valuesOf(name: string, schema: Schema, order: Stronger, family: Family): readonly unknown[] {
  const near = ['37', family.region.slice(0, 4), family.region, '3702', '370202'];
  if (order === 'inside') return near;
  if (order === 'around') return [...near.filter((code) => code.length <= 6), ['3702', '3706'], [family.region, '3702']];
  const shape = schema.anyOf?.[0] ?? schema;
  if (shape.enum) return shape.enum;
  if (shape.type === 'boolean') return [true, false];
  if (shape.type === 'integer') return NUMBERS.filter((number) => number >= (shape.minimum ?? 0) && number <= (shape.maximum ?? 1e9));
  return name === 'startingAt' || name === 'endingAt' ? DAYS.map((day) => day.slice(0, 7)) : DAYS;
}

/** Persons of whom the stronger claim is confirmed: as many are looked for. */
const ENOUGH = 20;

const TYPES = catalogue.claimTypes.filter(({ name }) => Object.keys(relations.get(name)?.stronger ?? {}).length > 0);
const ref = (person: Person) => ({ idNumber: person.idNumber, name: person.name });

/** The outcome of a claim about somebody, by the registry's own ruling; undefined when the registry takes no such parameters. */
async function outcomeOf(type: string, parameters: Readonly<Record<string, unknown>>, persons: object): Promise<string | undefined> {
  const [agency, name = ''] = type.split('.');
  const claimType = adapters.find((adapter) => adapter.agency === agency)?.claimTypes[name];
  const read = claimType?.parameters.safeParse(parameters);
  if (!claimType || !read?.success) return undefined;
  const query = { parameters: read.data, persons, region: '37', deadline: new Date(8.64e15), signal: new AbortController().signal };
  const [answer] = await Promise.all(await claimType.check([query as never], { logger: undefined as never }));
  return answer && 'outcome' in answer ? (answer as { outcome: string }).outcome : undefined;
}

describe('what asks more', () => {
  it.each(TYPES.map(({ name }) => name))(
    '%s: is never confirmed of whom less is refuted',
    async (type) => {
      const claimType = TYPES.find(({ name }) => name === type);
      const properties = (claimType?.parametersSchema.properties ?? {}) as Readonly<Record<string, Schema>>;
      const required = (claimType?.parametersSchema.required ?? []) as readonly string[];
      const stronger = relations.get(type)?.stronger ?? {};
      let confirmed = 0;
      const pick = fc.infiniteStream(fc.nat());
      await fc.assert(
        fc.asyncProperty(fc.nat({ max: population.families - 1 }), pick, async (index, stream) => {
          if (confirmed >= ENOUGH) return;
          const family = population.family(index);
          const next = (below: number): number => (stream.next().value as number) % below;
          const subject = family.people[next(family.people.length)] as Person;
          const relative = family.people[next(family.people.length)] as Person;
          const persons = { subject: ref(subject), guardian: ref(relative), relative: ref(relative) };
          const involved = Object.fromEntries((claimType?.involves ?? []).map(({ role }) => [role, 'them']));
          const draw = (): Record<string, unknown> => {
            const drawn: Record<string, unknown> = {};
            for (const [name, schema] of Object.entries(properties)) {
              if (!required.includes(name) && next(3) === 0) continue;
              const values = valuesOf(name, schema, stronger[name] ?? 'same', family);
              drawn[name] = values[next(values.length)];
            }
            return drawn;
          };
          // The other differs in one or two parameters, so that many pairs compare.
          const one = draw();
          const other = { ...one };
          const fresh = draw();
          const names = Object.keys(properties);
          for (let times = 1 + next(2); times > 0; times -= 1) {
            const name = names[next(names.length)] as string;
            if (name in fresh) other[name] = fresh[name];
            else if (!required.includes(name)) delete other[name];
          }
          const planned = (parameters: Readonly<Record<string, unknown>>) =>
            ({ type, version: 1, subject: 'child', with: involved, parameters, asking: 'fastest', moving: false }) as const;
          if (!claimImplies(planned(one), planned(other), facts)) return;
          const [more, less] = [await outcomeOf(type, one, persons), await outcomeOf(type, other, persons)];
          if (more === undefined || less === undefined) return;
          if (more !== 'confirmed') return;
          confirmed += 1;
          expect({ one, other, less }).not.toMatchObject({ less: 'refuted' });
        }),
        { numRuns: 4_000, seed: 20260901 },
      );
      // A comparison that never has anything to compare would prove nothing.
      expect(confirmed).toBeGreaterThan(0);
    },
    60_000,
  );
});
