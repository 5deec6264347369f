#!/usr/bin/env node
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fromUnknown } from '@vouch/errors';
import { MockControlServiceService } from '@vouch/proto/mock/v1/mock';
import { dial } from '@vouch/rpc';
import { silentTracer } from '@vouch/telemetry';
import { Command } from 'commander';
import { z } from 'zod';
import { readConfig } from './config.js';
import { type FaultOptions, readFaults, renderCounts, renderFaults } from './mock/read-faults.js';

interface Options extends FaultOptions {
  readonly address?: string;
  readonly token?: string;
}

const ADDRESS = /^\S+:\d{1,5}$/;
const demoFile = z.object({ registryControls: z.record(z.string(), z.string()), mockControlToken: z.string() });

/** Where the control of a registry is, and what it wants: from the options, else from the running Vouch's demo.json. */
async function findControl(registry: string, options: Options): Promise<{ address: string; token: string }> {
  const { dataDir, controlToken } = readConfig();
  const token = options.token ?? controlToken;
  if (options.address !== undefined && !ADDRESS.test(options.address)) throw new Error('--address takes host:port');
  if (options.address !== undefined && token !== undefined) return { address: options.address, token };
  const path = join(dataDir, 'demo.json');
  const text = await readFile(path, 'utf8').catch(() => {
    throw new Error(`There is no ${path}: start Vouch first, set VOUCH_DATA_DIR, or give --address and --token`);
  });
  const { registryControls, mockControlToken } = readDemo(text, path);
  const address = options.address ?? registryControls[registry];
  if (address === undefined) throw new Error(`There is no registry ${registry}; there are ${Object.keys(registryControls).join(', ')}`);
  return { address, token: token ?? mockControlToken };
}

function readDemo(text: string, path: string): z.infer<typeof demoFile> {
  try {
    return demoFile.parse(JSON.parse(text));
  } catch {
    throw new Error(`${path} is not as Vouch writes it: start Vouch anew, or give --address and --token`);
  }
}

async function run(registry: string, options: Options): Promise<void> {
  const faults = readFaults(options);
  const { address, token } = await findControl(registry, options);
  await using control = dial(MockControlServiceService, {
    address,
    tracer: silentTracer,
    caller: 'faults-cli',
    metadata: { authorization: `Bearer ${token}` },
  });
  const call = { signal: AbortSignal.timeout(10_000) };
  const tell = async () => {
    if (faults) await control.setFaults({ faults }, call);
    return control.getFaults({}, call);
  };
  const now = await tell().catch((failure: unknown) => {
    throw new Error(`The control of ${registry} at ${address} ${whatIsWrong(failure)}`);
  });
  process.stdout.write(`${registry}: ${renderFaults(now.faults)} (${renderCounts(now)})\n`);
}

function whatIsWrong(failure: unknown): string {
  const { code } = fromUnknown(failure);
  if (code === 'unauthenticated') return 'does not take this token';
  if (code === 'unavailable' || code === 'deadline_exceeded') return 'cannot be reached: is Vouch running, with registries of its own?';
  return `answers ${code}`;
}

const program = new Command('faults')
  .description('Makes a mocked registry fail on purpose, until told otherwise. Each call replaces the faults in force.')
  .argument('<registry>', 'police, housing, tax or social-security')
  .option('--hang', 'accept queries and never answer them')
  .option('--latency <ms>', 'answer after so long: 200, or 200:3000 for median and 99th percentile')
  .option('--error-rate <share>', 'share of queries that fail, 0 to 1')
  .option('--code <code>', 'fault code of those that fail', undefined)
  .option('--refuse', 'close the port and cut what is connected')
  .option('--quota <queries>', 'most queries a second')
  .option('--daily-cap <queries>', 'most queries a day')
  .option('--wrong-shape', 'answer with undeclared disclosures, unknown outcomes and missing ids')
  .option('--heal', 'end every fault')
  .option('--show', 'only show the faults in force (the same as no option)')
  .option('--address <host:port>', "the control's address; else from demo.json")
  .option('--token <token>', "the control's token; else VOUCH_MOCK_CONTROL_TOKEN or demo.json")
  .allowExcessArguments(false)
  .action(run);

try {
  await program.parseAsync();
} catch (failure) {
  process.stderr.write(`${failure instanceof Error ? failure.message : 'Something went wrong'}\n`);
  process.exitCode = 1;
}
