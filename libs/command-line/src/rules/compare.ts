import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { SettingsError } from '../failure.js';
import { toBar } from '../progress-line.js';
import type { Terminal } from '../terminal.js';
import { type Compared, messageSchema } from './compared.js';
import type { OpenedSet } from './open-set.js';

/** Over which families sets are compared. */
export interface CompareOptions {
  /** How many families of the synthetic county. */
  readonly population: number;
  readonly seed: number;
  /** Day of the applications; the comparing process has one unless said. */
  readonly applied?: string;
  /** Facts that a person has seen, the same for every family. */
  readonly facts: Readonly<Record<string, boolean>>;
}

// The registries' rulings are services' business: a process of the one service that may use them all compares.
const COMPARER = fileURLToPath(new URL('../../../../services/all-in-one/dist/comparing/main.js', import.meta.url));
const BAR_WIDTH = 40;

/** Compares two sets over invented families in a process of its own, with a bar of how far it is. */
export async function compare(terminal: Terminal, before: OpenedSet, after: OpenedSet, options: CompareOptions): Promise<Compared> {
  const { population, seed, applied, facts } = options;
  if (!existsSync(COMPARER)) throw new SettingsError('Vouch is not built yet: run `npm run build`');
  const comparer = fork(COMPARER, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const show = (done: number): void => terminal.show(`${toBar(done / population, BAR_WIDTH)} ${done}/${population} families`);
  try {
    const compared = await new Promise<Compared>((resolve, reject) => {
      comparer.once('error', reject);
      comparer.once('exit', (code) => reject(new Error(`The comparison ended early (${code})`)));
      comparer.on('message', (raw) => {
        const message = messageSchema.parse(raw);
        if ('done' in message) show(message.done);
        else if ('failure' in message) reject(new Error(message.failure));
        else resolve(message.compared);
      });
      comparer.send({ before: before.set.rules, after: after.set.rules, families: population, seed, applicationDate: applied, facts });
    });
    if (compared.families > 0) return compared;
    throw new SettingsError(`No synthetic family of that age lives in ${after.set.region}: the synthetic population is Shandong's`);
  } finally {
    comparer.kill();
  }
}
