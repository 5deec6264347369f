import { isDay } from '@vouch/identity';
import { LANGUAGES } from '@vouch/what-if';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { Terminal } from '../terminal.js';
import { type CheckOptions, check } from './check.js';
import { type DiffOptions, diff } from './diff.js';
import { type ExplainOptions, explain } from './explain.js';
import { type TestOptions, testFamilies } from './test-families.js';

const HELP = `
A requirement set is named by its id (370102/primary/2026), or a draft of one by its file. All of it happens here: no agency is asked, and
nothing is sent. A walk through it: docs/rules.md.

Exit status: 0 well, 1 faults, or families that come out otherwise than expected, 2 wrong command line or file. diff is 0
whether or not families move.`;

/** The commands under `vouch rules`. `done` hears the exit status of what ran. */
export function createRulesCommand(terminal: Terminal, done: (exit: number) => void): Command {
  const rules = new Command('rules').description("Counties' rules: check, explain, test and compare them").addHelpText('after', HELP);
  const add = (signature: string, description: string): Command =>
    rules
      .command(signature)
      .description(description)
      .addOption(new Option('--catalogue <folder>', 'another catalogue than the one that comes with Vouch'));

  add('check [places...]', 'find every fault, with file and line, in drafts of requirement sets or in the folder of a catalogue').action(
    async (places: string[], options: CheckOptions) => done(await check(terminal, places, options)),
  );

  add('explain <set>', 'explain what a requirement set makes of stated facts')
    .addOption(new Option('--facts <file>', 'what is taken to be so, JSON or YAML, as POST /v1/requirement-sets/{id}/evaluate takes it'))
    .addOption(new Option('--lang, --language <language>', 'of the texts').choices([...LANGUAGES]).default('en'))
    .addOption(new Option('--format <format>', 'of the answer').choices(['text', 'json']).default('text'))
    .action(async (set: string, options: ExplainOptions) => done(await explain(terminal, set, options)));

  add(
    'test [files...]',
    'try golden families: of the catalogue, or of files; drafts of sets among the files take the place of the catalogue’s',
  ).action(async (files: string[], options: TestOptions) => done(await testFamilies(terminal, files, options)));

  add('diff <before> <after>', 'tell how two versions differ, and how many families of a synthetic county change category, by which rule')
    .addOption(
      new Option('--population <families>', 'so many families of the region of the second one').argParser(readPopulation).default(20_000),
    )
    .addOption(
      new Option('--seed <number>', 'of the synthetic families: the same seed, the same families').argParser(readSeed).default(2026),
    )
    .addOption(
      new Option('--applied <day>', 'of all applications; the last that the second one is valid for, or 31 August').argParser(readDay),
    )
    .addOption(
      new Option('--fact <id=true|false>', 'that a person has seen, of every family; may be repeated')
        .argParser((value: string, before: readonly string[]) => [...before, value])
        .default([], 'none: such families are undetermined'),
    )
    .addOption(new Option('--plot <file>', 'write a plot, SVG'))
    .addOption(new Option('--lang, --language <language>', 'of the texts').choices([...LANGUAGES]).default('en'))
    .addOption(new Option('--format <format>', 'of the answer').choices(['text', 'json']).default('text'))
    .action(async (before: string, after: string, options: DiffOptions) => done(await diff(terminal, before, after, options)));
  return rules;
}

/** Most families that a comparison takes. */
const MOST_FAMILIES = 1_000_000;
const LAST_SEED = 2 ** 32 - 1;

const readPopulation = (text: string): number => readNumber(text, 1, MOST_FAMILIES);
const readSeed = (text: string): number => readNumber(text, 0, LAST_SEED);

function readNumber(text: string, least: number, most: number): number {
  if (/^\d{1,10}$/.test(text) && Number(text) >= least && Number(text) <= most) return Number(text);
  throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
}

function readDay(text: string): string {
  if (isDay(text)) return text;
  throw new InvalidArgumentError('It must be a day, YYYY-MM-DD.');
}
