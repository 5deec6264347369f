export { CODES, type Code, type Meaning } from './codes.js';
export type { Finding, Place, Severity } from './finding.js';
export { lintCatalogue } from './lint.js';
export type { ClaimTexts, LintMaterial } from './material.js';
export { type SarifOptions, toSarif } from './sarif.js';
