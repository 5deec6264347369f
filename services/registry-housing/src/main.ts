import { run } from '@vouch/lifecycle';
import { readConfig } from './config.js';
import { startHousingRegistry } from './service.js';

await run('registry-housing', () => startHousingRegistry(readConfig()));
