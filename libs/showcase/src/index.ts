export { DEMO_CLAIM_TYPES } from './demo-consent.js';
export { type DemoFamily, type DemoFile, readDemoFile } from './demo-file.js';
export { type Started, welcome } from './welcome.js';
