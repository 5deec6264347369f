import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { type BatchClient, createBatchClient, type RowFormat } from '@vouch/client';
import { Command, InvalidArgumentError, Option } from 'commander';
import { createCatalogueCommand } from './catalogue/commands.js';
import { type GivenSettings, readSettings } from './config.js';
import { EXIT } from './failure.js';
import { writeResults } from './results.js';
import { createRulesCommand } from './rules/commands.js';
import { type SubmitOptions, submit } from './submit.js';
import type { Terminal } from './terminal.js';
import { watch } from './watch.js';

const HELP = `
Settings, from options or the environment; a development Vouch that was started here (npm start) needs none:
  VOUCH_URL                                 base address of Vouch; http://127.0.0.1:8080 unless said
  VOUCH_CLIENT_ID, VOUCH_CLIENT_SECRET      the platform's credentials
  VOUCH_TOKEN_ENDPOINT or VOUCH_ISSUER      where tokens are given
  VOUCH_TOKEN                               an access token, in place of all these

Exit status: 0 done, 1 refused or failed, 2 wrong command line or settings, 3 some rows failed, 4 the batch was cancelled,
5 Vouch cannot be reached.`;

/** The command `vouch`. `done` hears the exit status of what ran. */
export function createVouchCommand(terminal: Terminal, done: (exit: number) => void): Command {
  const vouch = new Command('vouch').description('Vouch from the command line').showHelpAfterError('(see --help)');
  const batch = vouch.command('batch').description('Many lookups at once').addHelpText('after', HELP);

  const add = (signature: string, description: string): Command =>
    batch
      .command(signature)
      .description(description)
      .addOption(new Option('--url <url>', 'base address of Vouch'))
      .addOption(new Option('--client-id <id>', "the platform's client id"))
      .addOption(new Option('--token-endpoint <url>', 'where tokens are given'))
      .addOption(new Option('--issuer <url>', 'whose metadata says where tokens are given'));
  const open = async (given: GivenSettings): Promise<BatchClient> => {
    const { url, token } = await readSettings(given);
    return createBatchClient(url, token);
  };
  const format = () => new Option('--format <format>', 'of the rows').choices(['ndjson', 'csv']);

  add('submit <file>', 'submit a file of lookups (NDJSON or CSV, also .gz; - for standard input) and print the id of the batch')
    .addOption(format())
    .addOption(new Option('--gzip', 'the rows are compressed; told by the name .gz unless said'))
    .addOption(new Option('--key <key>', 'idempotency key: the same key with the same rows finds the same batch'))
    .addOption(new Option('--wait', 'watch it until it has ended'))
    .action(async (file: string, options: GivenSettings & Omit<SubmitOptions, 'file'> & { wait?: true }) => {
      const client = await open(options);
      const { id } = await submit(client, terminal, { ...options, file });
      await terminal.out(`${id}\n`);
      done(options.wait ? await watch(client, terminal, id) : EXIT.ok);
    });

  add('watch <id>', 'show how far a batch is until it has ended').action(async (id: string, options: GivenSettings) => {
    done(await watch(await open(options), terminal, id));
  });

  add('status <id>', 'print how far a batch is, as JSON').action(async (id: string, options: GivenSettings) => {
    await terminal.out(`${JSON.stringify(await (await open(options)).read(id), null, 2)}\n`);
    done(EXIT.ok);
  });

  add('results <id>', 'print what came of the rows so far, in their order')
    .addOption(format().default('ndjson'))
    .addOption(new Option('--after <row>', 'only rows behind this one').default(0).argParser(readRow))
    .addOption(new Option('-o, --output <file>', 'write to a file'))
    .action(async (id: string, options: GivenSettings & { format: RowFormat; after: number; output?: string }) => {
      const client = await open(options);
      const { output } = options;
      if (output === undefined) await writeResults(client, terminal, terminal.out, { ...options, id });
      else {
        const last = await intoFile(output, (write) => writeResults(client, terminal, write, { ...options, id }));
        terminal.say(`Results up to row ${last} are in ${output}`);
      }
      done(EXIT.ok);
    });

  for (const what of ['pause', 'resume', 'cancel'] as const) {
    add(`${what} <id>`, `${what} a batch`).action(async (id: string, options: GivenSettings) => {
      const { status } = await (await open(options)).command(id, what);
      terminal.say(`The batch is ${status}`);
      done(EXIT.ok);
    });
  }
  vouch.addCommand(createRulesCommand(terminal, done));
  vouch.addCommand(createCatalogueCommand(terminal, done));
  return vouch;
}

async function intoFile<T>(path: string, work: (write: (text: string) => Promise<void>) => Promise<T>): Promise<T> {
  const file = createWriteStream(path);
  const closed = finished(file);
  closed.catch(() => undefined);
  const write = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      file.write(text, (failure) => (failure ? reject(failure) : resolve()));
    });
  try {
    return await work(write);
  } finally {
    file.end();
    await closed;
  }
}

function readRow(text: string): number {
  if (/^\d{1,7}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number.');
}
