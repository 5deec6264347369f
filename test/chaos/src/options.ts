import { parseArgs } from 'node:util';

/** What the command line says. */
export interface Options {
  readonly seed: number;
  readonly runs: number;
  readonly minutes: number;
  readonly instances: number;
  readonly clients: number;
  readonly keep: boolean;
}

export const USAGE = `npm run chaos -- [--seed N] [--runs N] [--minutes M] [--instances N] [--clients N] [--keep]

Breaks a whole Vouch in every way it can while clients use it, heals it, and checks that nothing was lost.
  --seed N       first seed; a run with the same seed breaks the same things at the same times (1)
  --runs N       as many runs, each with the next seed (1)
  --minutes M    how long things are broken in each run (1)
  --instances N  how many of each of lookup, consent and audit (2)
  --clients N    how many clients (6)
  --keep         keep histories, logs and data also of runs without a violation`;

/** Reads the command line; undefined when help was asked for. Throws a text for people. */
export function readOptions(args: readonly string[]): Options | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string', default: '1' },
      runs: { type: 'string', default: '1' },
      minutes: { type: 'string', default: '1' },
      instances: { type: 'string', default: '2' },
      clients: { type: 'string', default: '6' },
      keep: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  const number = (name: 'seed' | 'runs' | 'minutes' | 'instances' | 'clients', least: number, whole = true) => {
    const value = Number(values[name]);
    if (!Number.isFinite(value) || value < least || (whole && !Number.isInteger(value)))
      throw new Error(`--${name} must be ${least} or more`);
    return value;
  };
  return {
    seed: number('seed', 0),
    runs: number('runs', 1),
    minutes: number('minutes', 0.1, false),
    instances: number('instances', 1),
    clients: number('clients', 1),
    keep: values.keep,
  };
}
