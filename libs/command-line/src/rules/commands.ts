import { LANGUAGES } from '@vouch/what-if';
import { Command, Option } from 'commander';
import type { Terminal } from '../terminal.js';
import { type CheckOptions, check } from './check.js';
import { type ExplainOptions, explain } from './explain.js';
import { type TestOptions, testFamilies } from './test-families.js';

const HELP = `
A requirement set is named by its id (370102/primary/2026), or a draft of one by its file. All of it happens here: no agency is asked, and
nothing is sent. A walk through it: docs/rules.md.

Exit status: 0 well, 1 faults, or families that come out otherwise than expected, 2 wrong command line or file.`;

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
  return rules;
}
