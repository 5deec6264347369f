import { run } from '@vouch/lifecycle';
import { readConfig } from './config.js';
import { startSocialSecurityRegistry } from './service.js';

await run('registry-social-security', () => startSocialSecurityRegistry(readConfig()));
