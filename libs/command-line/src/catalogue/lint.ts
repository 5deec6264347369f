import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readCatalogueFiles } from '@vouch/catalogue';
import { CODES, type Finding, lintCatalogue, toSarif } from '@vouch/catalogue-lint';
import { EXIT } from '../failure.js';
import type { Terminal } from '../terminal.js';
import { type Language, toText } from './findings-text.js';

/** How findings are told. */
export interface LintOptions {
  readonly format: 'text' | 'json' | 'sarif';
  readonly language: Language;
  readonly strict?: true;
  readonly notes: boolean;
}

/** The command's version, as SARIF wants it. */
const VERSION = '0.1.0';

/** Lints the catalogue of a folder, or the one that comes with Vouch, and tells what it finds. Resolves to the exit status. */
export async function lint(terminal: Terminal, folder: string | undefined, options: LintOptions): Promise<number> {
  const found = await findingsOf(folder);
  const told = options.notes ? found : found.filter(({ severity }) => severity !== 'note');
  await terminal.out(toFormat(told, folder, options));
  const failing = found.some(({ severity }) => severity === 'error' || (options.strict && severity === 'warning'));
  return failing ? EXIT.failed : EXIT.ok;
}

/** What the loader refuses, and what the lint finds. */
async function findingsOf(folder: string | undefined): Promise<readonly Finding[]> {
  const { faults, written } = await readCatalogueFiles(folder);
  const found = written ? lintCatalogue(written) : [];
  // The loader and the lint may speak of the same line: the lint says more of it.
  const known = new Set(found.filter(({ severity }) => severity !== 'note').map(({ file, line }) => `${file}:${line}`));
  return [...faults.map(toFinding).filter(({ file, line }) => !known.has(`${file}:${line}`)), ...found];
}

/** A fault of the loader, `file:line: text`, as a finding. */
function toFinding(fault: string): Finding {
  const { file = '', line, text = fault } = /^(?<file>[^:]+?)(?::(?<line>\d+))?: (?<text>[\s\S]*)$/.exec(fault)?.groups ?? {};
  const { severity, remedy } = CODES['catalogue-faulty'];
  return { code: 'catalogue-faulty', severity, file, line: Number(line ?? 1), column: 1, message: { 'zh-CN': text, en: text }, remedy };
}

function toFormat(found: readonly Finding[], folder: string | undefined, { format, language }: LintOptions): string {
  if (format === 'json') return `${JSON.stringify({ findings: found }, null, 2)}\n`;
  if (format === 'text') return toText(found, language);
  const base = folder === undefined ? undefined : `${pathToFileURL(resolve(folder)).href.replace(/\/$/, '')}/`;
  return `${JSON.stringify(toSarif(found, { version: VERSION, language, base }), null, 2)}\n`;
}
