export { createResources, type Resources } from './resources.js';
export { run, type Start } from './run.js';
