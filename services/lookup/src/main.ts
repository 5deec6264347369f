import { run } from '@vouch/lifecycle';
import { readConfig } from './config.js';
import { startLookup } from './service.js';

await run('lookup', () => startLookup(readConfig()));
