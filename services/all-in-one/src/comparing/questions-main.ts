import { loadCatalogue, type RequirementSet } from '@vouch/catalogue';
import { type CompiledSet, compileRequirementSet } from '@vouch/rules';
import { createAsker } from './ask-registries.js';
import { applicationTo, countQuestions, noQuestions, type Questions } from './count-questions.js';
import { familiesOfCounty } from './families-of-county.js';

// What each way to ask costs over a synthetic population, by the registries' own rulings: prints a table. `node …/questions-main.js [families] [seed]`.

const [families = 1_000, seed = 1] = process.argv.slice(2).map(Number);
const catalogue = await loadCatalogue();
const { isSensitive } = catalogue;

const HEAD = [
  'set',
  'all at once: asked',
  'sensitive',
  'as it is: asked',
  'sensitive',
  'rounds',
  'most',
  'all `least`: asked',
  'rounds',
  'most',
];
process.stdout.write(`| ${HEAD.join(' | ')} |\n|---|${'---:|'.repeat(HEAD.length - 1)}\n`);
for (const set of catalogue.requirementSets) {
  const row = await rowOf(set);
  if (row) process.stdout.write(`| ${row.join(' | ')} |\n`);
}

async function rowOf(set: RequirementSet): Promise<readonly (string | number)[] | undefined> {
  const ways = [asked(set, 'fastest'), set.compiled, asked(set, 'least')] as const;
  const counts = [noQuestions(), noQuestions(), noQuestions()] as const;
  const askAbout = createAsker();
  const { entryYear } = applicationTo(set.compiled);
  let done = 0;
  for (const resident of familiesOfCounty({ region: set.region, stage: set.id.split('/')[1] ?? '', entryYear, seed, families })) {
    const ask = askAbout(resident);
    for (const [index, way] of ways.entries()) await countQuestions(way, resident, ask, { isSensitive, into: counts[index] as Questions });
    done += 1;
  }
  // Nobody of the population lives there.
  if (done === 0) return undefined;
  const [fastest, asIs, least] = counts;
  const mean = (sum: number): string => (sum / done).toFixed(1);
  return [
    set.id,
    ...[mean(fastest.asked), mean(fastest.sensitive)],
    ...[mean(asIs.asked), mean(asIs.sensitive), mean(asIs.rounds), asIs.mostRounds],
    ...[mean(least.asked), mean(least.rounds), least.mostRounds],
  ];
}

function asked({ rules }: RequirementSet, asking: 'fastest' | 'least'): CompiledSet {
  return compileRequirementSet({ ...rules, asking });
}
