import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { BENCH_SET } from '../lookups/lookup.js';

/** Platform that the benchmark asks as. */
export const PLATFORM = 'jinan-enrolment';

const OWN = fileURLToPath(new URL('../data', import.meta.resolve('@vouch/catalogue')));

// The four claims of a lookup, as two ways in; all are asked at once.
const SET = `id: ${BENCH_SET}
title: { zh-CN: 基准测试, en: Benchmark }
region: '37'
purpose: school-enrolment
asking: fastest
legalBasis: { zh-CN: 基准测试, en: Benchmark }
sources: [{ id: bench, title: 基准测试, publisher: Vouch, date: '2026-01-01', grade: reprint }]
dates: { cutoff: { monthDay: '08-31' } }
regions: { province: ['37'] }
requires:
  - { type: police.guardian-of, version: 1, subject: child, with: { guardian: guardian }, parameters: {} }
categories:
  - id: home
    title: { zh-CN: 自有住房, en: Own home }
    when:
      allOf:
        - { type: housing.owns-home, version: 1, subject: guardian, parameters: { region: { regions: province } } }
        - { type: tax.deed-tax-paid, version: 1, subject: guardian, parameters: { region: { regions: province } } }
  - id: insured
    title: { zh-CN: 参保, en: Insured }
    when:
      type: social-security.insured-months
      version: 1
      subject: guardian
      parameters: { scheme: pension-employee, atLeast: 12, endingAt: { date: cutoff } }
`;

/**
 * Vouch's own catalogue with two differences: its platforms may ask in the whole province and as much as they like, since the benchmark is
 * one platform that stands for all of them; and a requirement set asks what a lookup asks.
 */
export async function makeCatalogue(folder: string): Promise<string> {
  const dir = join(folder, 'catalogue');
  await cp(OWN, dir, { recursive: true });
  const file = join(dir, 'clients.yaml');
  const before = await readFile(file, 'utf8');
  const after = before
    .replaceAll("regions: ['3701']", "regions: ['37']")
    .replaceAll(/requestsPerSecond: \d+/g, 'requestsPerSecond: 1000000')
    .replaceAll(/concurrent: \d+/g, 'concurrent: 100000');
  if (after === before) throw new Error(`${file} is not as the benchmark knows it`);
  await writeFile(file, after);
  await writeFile(join(dir, 'requirement-sets', 'bench.yaml'), SET);
  return dir;
}
