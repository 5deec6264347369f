import { county, isDay, isRegion, readIdNumber, regionName } from '@vouch/identity';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { Population } from '../family.js';
import { createPopulation } from '../population.js';
import { describeFilters, type Filter, FilterError, readFilters } from './filters.js';
import { type Language, NOTICE } from './labels.js';
import { printFamily, toJson } from './print.js';
import { FamilyView } from './view.js';

interface Options {
  readonly region: string;
  readonly count: number;
  readonly skip: number;
  readonly where: Filter | undefined;
  readonly find: string | undefined;
  readonly seed: number | undefined;
  readonly families: number | undefined;
  readonly today: string | undefined;
  readonly json: boolean | undefined;
  readonly lang: Language;
}

const MOST = 1000;
const DEFAULT_REGION = '370102';

/** The command `people`. Writes through `write`; throws CommanderError on bad input when told to by `exitOverride`. */
export function createPeopleCommand(write: (text: string) => void, language: Language): Command {
  return new Command('people')
    .description(`${NOTICE}\n\nPrints example families with their facts at each agency, so that you know what to ask Vouch.`)
    .addOption(new Option('--region <code>', 'county (6 digits), city (4) or province (37)').default(DEFAULT_REGION).argParser(readRegion))
    .addOption(new Option('--count <n>', `how many families, at most ${MOST}`).default(3).argParser(wholeNumber(1, MOST)))
    .addOption(new Option('--skip <n>', 'leave out the first n that fit').default(0).argParser(wholeNumber(0, 10_000_000)))
    .addOption(new Option('--where <filters>', 'what must hold, comma-separated; see below').argParser(readWhere))
    .addOption(new Option('--find <id-number>', 'print the family of this ID number instead').argParser(readId))
    .addOption(new Option('--seed <n>', 'another population').argParser(wholeNumber(0, 2 ** 32 - 1)))
    .addOption(new Option('--families <n>', 'size of the population').argParser(wholeNumber(1, 2 ** 20)))
    .addOption(new Option('--today <day>', 'day as of which agencies answer, 2026-01-01 to 2026-09-30').argParser(readToday))
    .addOption(new Option('--json', 'one JSON object instead of text'))
    .addOption(new Option('--lang <language>', 'language of the text').choices(['zh', 'en']).default(language))
    .addHelpText(
      'after',
      `
Filters for --where. All must hold; "!" before a name turns it round; numbers compare with >=, <=, =, > or <.
"Here" is the county where the family lives; facts are those of the agencies' records.

${describeFilters()}

Examples:
  npm run people -- --region 370102 --count 5 --where 'owns-home,insured>=12'
  npm run people -- --region 3702 --where 'migrant,lease,permit>=6,!business' --json
  npm run people -- --where 'divorced,age>=14' --lang en
`,
    )
    .action((options: Options) => {
      write(options.json ? toReport(options) : toText(options));
    });
}

function select({ region, count, skip, where, find }: Options, population: Population): FamilyView[] {
  if (find !== undefined) {
    const found = population.find(find);
    return found ? [new FamilyView(population, found.family)] : [];
  }
  const views: FamilyView[] = [];
  let skipped = 0;
  for (const family of population.familiesOf(region)) {
    const view = new FamilyView(population, family);
    if (where && !where(view)) continue;
    if (skipped++ < skip) continue;
    views.push(view);
    if (views.length === count) break;
  }
  return views;
}

const populationOf = ({ seed, families, today }: Options): Population =>
  createPopulation({
    ...(seed !== undefined && { seed }),
    ...(families !== undefined && { families }),
    ...(today !== undefined && { today }),
  });

function toText(options: Options): string {
  const population = populationOf(options);
  const views = select(options, population);
  const asked = options.find === undefined ? `${regionName(options.region)} ${options.region}` : 'the ID number';
  const enough = views.length === options.count || (options.find !== undefined && views.length > 0);
  const short = enough ? [] : [`${views.length === 0 ? 'No family' : `Only ${views.length}`} of ${asked} fits.`];
  return `${[NOTICE, ...views.map((view) => printFamily(view, options.lang)), ...short].join('\n\n')}\n`;
}

function toReport(options: Options): string {
  const population = populationOf(options);
  const { seed, families, today } = population;
  const report = { notice: NOTICE.split('\n'), population: { seed, families, today }, families: select(options, population).map(toJson) };
  return `${JSON.stringify(report, null, 2)}\n`;
}

function readRegion(text: string): string {
  if (!isRegion(text) || !text.startsWith('37') || (text.length === 6 && !county(text))) {
    throw new InvalidArgumentError('It must be a county, city or the province 37 of Shandong, such as 370102, 3701 or 37.');
  }
  return text;
}

const wholeNumber =
  (from: number, to: number) =>
  (text: string): number => {
    const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= from && value <= to)) throw new InvalidArgumentError(`It must be a whole number from ${from} to ${to}.`);
    return value;
  };

function readWhere(text: string): Filter {
  try {
    return readFilters(text);
  } catch (failure) {
    if (failure instanceof FilterError) throw new InvalidArgumentError(`${failure.message}.`);
    throw failure;
  }
}

function readId(text: string): string {
  const reading = readIdNumber(text);
  if (!reading.ok) throw new InvalidArgumentError(`It is not an ID number (${reading.fault}).`);
  return reading.idNumber;
}

function readToday(text: string): string {
  if (!isDay(text) || text < '2026-01-01' || text > '2026-09-30')
    throw new InvalidArgumentError('It must be a day from 2026-01-01 to 2026-09-30.');
  return text;
}
