import { writeFile } from 'node:fs/promises';
import { differences } from '@vouch/rules';
import type { Language } from '@vouch/what-if';
import { EXIT, SettingsError } from '../failure.js';
import type { Terminal } from '../terminal.js';
import { compare } from './compare.js';
import { wordsOfMoves } from './move-words.js';
import { toTable } from './moves-table.js';
import { type OpenedSet, openSet } from './open-set.js';
import { toPlot } from './plot.js';

/** How two sets are compared. */
export interface DiffOptions {
  /** How many families of the synthetic county. */
  readonly population: number;
  readonly seed: number;
  /** Day of the applications, `YYYY-MM-DD`. */
  readonly applied?: string;
  /** Facts that a person has seen, `id=true`, the same for every family. */
  readonly fact: readonly string[];
  readonly language: Language;
  /** File for the plot. */
  readonly plot?: string;
  readonly format: 'text' | 'json';
  readonly catalogue?: string;
}

/** Tells how two sets differ: in words, and in families of a synthetic county that change category. Resolves to the exit status. */
export async function diff(terminal: Terminal, from: string, to: string, options: DiffOptions): Promise<number> {
  const { language, plot, format } = options;
  const [before, after] = [await openSet(from, options.catalogue), await openSet(to, options.catalogue)];
  const facts = Object.fromEntries(options.fact.map((text) => readFact(text, before, after)));
  const compared = await compare(terminal, before, after, { ...options, facts });
  const words = wordsOfMoves(before, after, language);
  const told = differences(before.set.rules, after.set.rules, after.catalogue.words);
  if (plot !== undefined) await writeFile(plot, toPlot(compared, words, { from, to }));
  if (format === 'json') await terminal.out(`${JSON.stringify({ from, to, differences: told, ...compared }, null, 2)}\n`);
  else {
    const lines = told.length === 0 ? [words.same] : told.map(({ text }) => text[language]);
    await terminal.out(`${lines.map((line) => `  ${line}`).join('\n')}\n\n${toTable(compared, words)}`);
  }
  terminal.say(plot === undefined ? `${compared.families} families were compared` : `The plot is in ${plot}`);
  return EXIT.ok;
}

function readFact(text: string, ...sets: readonly OpenedSet[]): [string, boolean] {
  const [, id, value] = /^([a-z0-9-]+)=(true|false)$/.exec(text) ?? [];
  if (id === undefined) throw new SettingsError(`--fact ${text}: it must be <id>=true or <id>=false`);
  const known = sets.flatMap(({ set }) => (set.rules.facts ?? []).map((fact) => fact.id));
  if (known.includes(id)) return [id, value === 'true'];
  const those = known.length === 0 ? 'they have none' : `they have ${[...new Set(known)].join(', ')}`;
  throw new SettingsError(`--fact ${text}: neither set has such a fact; ${those}`);
}
