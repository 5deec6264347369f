import { run } from '@vouch/lifecycle';
import { readConfig } from './config.js';
import { startTaxRegistry } from './service.js';

await run('registry-tax', () => startTaxRegistry(readConfig()));
