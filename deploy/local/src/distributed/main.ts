import { run } from '@vouch/lifecycle';
import { startCluster } from './cluster.js';
import { readDistributedConfig } from './config.js';

const print = (line: string) => process.stdout.write(`${line}\n`);

await run('vouch', (signal) => startCluster(readDistributedConfig(), print, signal));
