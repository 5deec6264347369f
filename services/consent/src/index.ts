export { type ConsentConfig, readConfig } from './config.js';
export { type ConsentOptions, type ConsentService, createConsent } from './create-consent.js';
export {
  createGuardianshipRegister,
  type GuardianshipFinding,
  type GuardianshipQuery,
  type GuardianshipRegister,
} from './guardianship-register.js';
export { migrations } from './migrations/index.js';
export { type ConsentOverrides, type RunningConsent, startConsent } from './service.js';
