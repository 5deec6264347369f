import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

/** What to measure, and how long. */
export interface Options {
  /** Names of rows; all unless said. */
  readonly rows: readonly string[] | undefined;
  readonly rounds: number;
  /** Length of one measurement, milliseconds. */
  readonly measureMs: number;
  /** Shortest warm-up of a row in each round, milliseconds. */
  readonly warmUpMs: number;
  readonly callers: readonly number[];
  /** Latencies of the registries, milliseconds; a table each. */
  readonly latencies: readonly number[];
  /** Whether rows are also driven in an open loop. */
  readonly openLoop: boolean;
  readonly jsonFile: string | undefined;
  readonly profileDir: string | undefined;
  /** Whether the hub is measured in worlds of different sizes, in place of the rows. */
  readonly growth: boolean;
  /** Whether the hub is measured in trouble, in place of the rows. */
  readonly guards: boolean;
  /** Rows of one large batch whose memory is measured, in place of the rows of the table. */
  readonly largeBatch: number | undefined;
  /** Whether the run's folder (logs, data) is left behind. */
  readonly keep: boolean;
}

export const HELP = `npm run bench -- [options]
  --quick           two rounds of 5 s, 64 callers, no added latency, no open loop: a few minutes
  --rows a,b        only these rows; ratios need the row reference
  --json FILE       writes the results
  --rounds N        rounds; 5 unless said
  --seconds S       length of one measurement; 8 unless said
  --warm-up S       warm-up of a row in each round; 11 unless said
  --callers a,b     callers; 1,64,256 unless said
  --latencies a,b   latencies of the registries, ms; 0,200 unless said
  --no-open-loop    closed loops only
  --profile DIR     writes CPU profiles of the rows' processes (Node's --cpu-prof), which makes them slower
  --growth          the hub with 10 times the population, the consents, the history, against one without; 64 callers
  --guards          the hub at five times its capacity, with an agency hung or down, beside a batch, each against the hub in peace
  --large-batch N   one batch of N rows, asked to its end: the hub's memory on the way
  --keep            leaves the run's folder behind, with everybody's logs
`;

const numbers = (text: string): number[] => text.split(',').map(positive);

function positive(text: string): number {
  const number = Number(text);
  if (!(number >= 0) || text.trim() === '') throw new Error(`${text} is no number`);
  return number;
}

/** Reads the arguments of the command; undefined when only help is wanted. Throws on one that makes no sense. */
export function readOptions(args: readonly string[]): Options | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      rows: { type: 'string' },
      json: { type: 'string' },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      'warm-up': { type: 'string', default: '11' },
      callers: { type: 'string' },
      latencies: { type: 'string' },
      'no-open-loop': { type: 'boolean', default: false },
      profile: { type: 'string' },
      growth: { type: 'boolean', default: false },
      guards: { type: 'boolean', default: false },
      'large-batch': { type: 'string' },
      keep: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const { quick } = values;
  return {
    rows: values.rows?.split(','),
    rounds: positive(values.rounds ?? (quick ? '2' : '5')),
    measureMs: positive(values.seconds ?? (quick ? '5' : '8')) * 1_000,
    warmUpMs: positive(values['warm-up']) * 1_000,
    callers: numbers(values.callers ?? (quick ? '64' : '64,256,1')),
    latencies: numbers(values.latencies ?? (quick ? '0' : '0,200')),
    openLoop: !quick && !values['no-open-loop'],
    jsonFile: values.json,
    profileDir: values.profile && resolve(values.profile),
    growth: values.growth,
    guards: values.guards,
    largeBatch: values['large-batch'] === undefined ? undefined : positive(values['large-batch']),
    keep: values.keep,
  };
}
