import { createVouchCommand } from '../src/commands.js';
import type { Terminal } from '../src/terminal.js';

/** What a command did: what it wrote, what it said and showed to the person, and its exit status. */
export interface Ran {
  readonly out: string;
  readonly said: readonly string[];
  readonly shown: readonly string[];
  readonly exit: number | undefined;
}

/** Runs `vouch …` in this process, on a terminal of its own. Throws what the command throws. */
export async function runVouch(...words: string[]): Promise<Ran> {
  const ran = { out: '', said: [] as string[], shown: [] as string[], exit: undefined as number | undefined };
  const terminal: Terminal = {
    out: async (text) => {
      ran.out += String(text);
    },
    say: (line) => void ran.said.push(line),
    show: (line) => void ran.shown.push(line),
    live: true,
    columns: 80,
  };
  const vouch = createVouchCommand(terminal, (status) => {
    ran.exit = status;
  });
  for (const one of [vouch, ...vouch.commands, ...vouch.commands.flatMap(({ commands }) => commands)]) {
    one.exitOverride().configureOutput({ writeErr: (text) => void ran.said.push(text) });
  }
  await vouch.parseAsync(['node', 'vouch', ...words]);
  return ran;
}
