import { run } from '@vouch/lifecycle';
import { readConfig } from './config.js';
import { startAllInOne } from './service.js';

const print = (text: string) => process.stdout.write(`${text}\n`);

await run('vouch', (signal) => startAllInOne(readConfig(), print, signal));
