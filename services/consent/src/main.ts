import { run } from '@vouch/lifecycle';
import { readConfig } from './config.js';
import { startConsent } from './service.js';

await run('consent', () => startConsent(readConfig()));
