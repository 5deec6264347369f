export type { SocialSecurityConfig } from './config.js';
export {
  createSocialSecurityAdapter,
  type Overrides,
  startSocialSecurityRegistry,
} from './service.js';
