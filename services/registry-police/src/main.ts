import { run } from '@vouch/lifecycle';
import { readConfig } from './config.js';
import { startPoliceRegistry } from './service.js';

await run('registry-police', () => startPoliceRegistry(readConfig()));
