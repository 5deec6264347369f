import { checkBasis } from './checks/basis.js';
import { checkCategories } from './checks/categories.js';
import { checkCircles } from './checks/circles.js';
import { checkClaims } from './checks/claims.js';
import { checkDates } from './checks/dates.js';
import { checkProofs } from './checks/proofs.js';
import { checkRedundant } from './checks/redundant.js';
import { checkSupply } from './checks/supply.js';
import { checkTexts } from './checks/texts.js';
import { checkUnused } from './checks/unused.js';
import { CODES } from './codes.js';
import { type Check, createContext } from './context.js';
import type { Finding, Told } from './finding.js';
import type { LintMaterial } from './material.js';

const CHECKS: readonly Check[] = [
  checkProofs,
  checkBasis,
  checkSupply,
  checkCircles,
  checkRedundant,
  checkCategories,
  checkClaims,
  checkDates,
  checkTexts,
  checkUnused,
];

/**
 * Everything of a catalogue that an official should look at, by file and line; `[]` when there is nothing. The catalogue must have the shape that the
 * loader asks for. What several sets inherit is told once.
 */
export function lintCatalogue(material: LintMaterial): Finding[] {
  const findings = new Map<string, Finding>();
  const told = ({ code, at, key, message, known }: Told): void => {
    const place = material.placeOf(at, key);
    const { severity, remedy } = CODES[code];
    const finding: Finding = { code, severity: known ? 'note' : severity, ...place, message, remedy: known ?? remedy };
    findings.set(`${code} ${place.file} ${place.line} ${place.column} ${message.en}`, finding);
  };
  const context = createContext(material, told);
  for (const check of CHECKS) check(context);
  return [...findings.values()].sort(byPlace);
}

const byPlace = (a: Finding, b: Finding): number =>
  compare(a.file, b.file) || a.line - b.line || a.column - b.column || compare(a.code, b.code) || compare(a.message.en, b.message.en);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
