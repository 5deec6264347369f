import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { evaluateStated } from '@vouch/what-if';
import { z } from 'zod';
import { EXIT, SettingsError } from '../failure.js';
import type { Terminal } from '../terminal.js';
import { catalogueFolder, openCatalogue } from './open-catalogue.js';
import { layFacts, readFacts, readText } from './read-facts.js';

/** Which golden families, and of which catalogue. */
export interface TestOptions {
  readonly catalogue?: string;
}

const FOLDER = 'golden-families';

const goldenSchema = z.strictObject({
  set: z.string(),
  families: z
    .array(
      z.strictObject({
        about: z.string().min(1),
        /** Nothing is stated unless said. */
        facts: z.unknown().default({}),
        expect: z.strictObject({
          verdict: z.enum(['met', 'not_met', 'undetermined']),
          /** Of a verdict `met`. */
          category: z.string().optional(),
          /** Day from which the verdict would be `met`, of any category. */
          from: z.string().optional(),
        }),
      }),
    )
    .min(1),
});

type Golden = z.infer<typeof goldenSchema>;

/**
 * Tries golden families: invented ones with what a set must make of them, in the catalogue's `golden-families`, or in files that are named. Drafts
 * among those files take the place of the catalogue's sets. Resolves to the exit status.
 */
export async function testFamilies(terminal: Terminal, files: readonly string[], options: TestOptions): Promise<number> {
  const named = await Promise.all(files.map(readGolden));
  const read = named.some(({ golden }) => golden) ? named : [...named, ...(await Promise.all((await ownFiles(options)).map(readGolden)))];
  const drafts = read.flatMap(({ file, golden }) => (golden ? [] : [file]));
  const { catalogue, faults } = await openCatalogue(options.catalogue, drafts);
  if (!catalogue) throw new Error(faults.join('\n'));
  const goldens = read.flatMap(({ file, golden }) => (golden ? [{ file, golden }] : []));
  if (goldens.length === 0) throw new SettingsError('There are no golden families: a file of them has `set` and `families`');
  let tried = 0;
  const wrong: string[] = [];
  for (const { file, golden } of goldens) {
    const set = catalogue.requirementSet(golden.set);
    if (!set) throw new SettingsError(`${file}: there is no requirement set ${golden.set}`);
    for (const [index, { about, facts, expect }] of golden.families.entries()) {
      const at = `${relative('.', file)}: families/${index}`;
      const told = evaluateStated(catalogue, set, layFacts(catalogue, set, readFacts(facts ?? {}, at), at), 'en');
      const found = {
        verdict: told.verdict,
        category: expect.category === undefined ? undefined : told.reached,
        from: expect.from === undefined ? undefined : told.categories.map(({ from }) => from ?? '9999').sort()[0],
      };
      tried += 1;
      const right = (['verdict', 'category', 'from'] as const).every((name) => found[name] === expect[name]);
      if (!right) wrong.push(`${at}: ${about}: expected ${wordsOf(expect)}, found ${wordsOf(found)}\n  ${told.text}`);
    }
  }
  await terminal.out(
    `${[...wrong, `${tried} families of ${goldens.length} sets: ${wrong.length === 0 ? 'all as expected' : `${wrong.length} not as expected`}`].join('\n')}\n`,
  );
  return wrong.length === 0 ? EXIT.ok : EXIT.failed;
}

async function ownFiles({ catalogue }: TestOptions): Promise<readonly string[]> {
  const folder = join(catalogueFolder(catalogue), FOLDER);
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => join(folder, name));
}

/** A file's golden families; undefined when it is a draft of a set. */
async function readGolden(file: string): Promise<{ readonly file: string; readonly golden: Golden | undefined }> {
  const value = readText(await readFile(file, 'utf8'), file);
  if (typeof value === 'object' && value !== null && 'categories' in value) return { file, golden: undefined };
  const read = goldenSchema.safeParse(value);
  if (read.success) return { file, golden: read.data };
  throw new SettingsError(read.error.issues.map(({ path, message }) => `${file}: ${path.join('/')}: ${message}`).join('\n'));
}

const wordsOf = (outcome: { verdict: string; category?: string | undefined; from?: string | undefined }): string =>
  [outcome.verdict, outcome.category, outcome.from && `from ${outcome.from}`].filter((word) => word !== undefined).join(' ');
