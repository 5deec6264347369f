export { createResources, type Resources } from './resources.js';
export { type Running, run, type Start } from './run.js';
