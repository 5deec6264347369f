import { run } from '@vouch/lifecycle';
import { readConfig } from './config.js';
import { startAudit } from './service.js';

await run('audit', () => startAudit(readConfig()));
