import { Command, Option } from 'commander';
import type { Terminal } from '../terminal.js';
import { type LintOptions, lint } from './lint.js';

const HELP = `
Findings are errors, warnings and notes; what each code means: docs/lint.md.

Exit status: 0 nothing that must be mended, 1 an error (with --strict: or a warning), 2 wrong command line.`;

/** The commands under `vouch catalogue`. `done` hears the exit status of what ran. */
export function createCatalogueCommand(terminal: Terminal, done: (exit: number) => void): Command {
  const catalogue = new Command('catalogue').description('The rules, papers and claim types of a catalogue');
  catalogue
    .command('lint [folder]')
    .description(
      'find proofs without basis, duplicate, circular or needless ones, and rules that contradict; of the catalogue that comes with Vouch unless a folder is named',
    )
    .addOption(new Option('--format <format>', 'of the findings').choices(['text', 'json', 'sarif']).default('text'))
    .addOption(new Option('--language <language>', 'of the texts').choices(['en', 'zh-CN']).default('en'))
    .addOption(new Option('--strict', 'warnings are errors too'))
    .addOption(new Option('--no-notes', 'leave notes out'))
    .addHelpText('after', HELP)
    .action(async (folder: string | undefined, options: LintOptions) => done(await lint(terminal, folder, options)));
  return catalogue;
}
