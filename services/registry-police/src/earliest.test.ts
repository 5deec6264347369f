import { dayBefore, unbrokenSince } from '@vouch/adapter-sdk/calendar';
import { createPopulation } from '@vouch/population';
import { expect, it } from 'vitest';
import { ruleOnPermit } from './domain/residence-permit.js';
import { createPoliceRecords } from './records.js';

// The same people half a year apart: what the earlier records foretell must be so by the later ones, for whom the permit stayed valid.
const FAMILIES = 3000;
const earlier = createPopulation({ families: FAMILIES, today: '2026-03-15' });
const later = createPopulation({ families: FAMILIES });
const before = createPoliceRecords(earlier);
const after = createPoliceRecords(later);
const asked = [3, 6, 12, 24, 60].flatMap((months) => [true, false].map((consecutive) => [months, consecutive] as const));

it('residence-permit is confirmed from the day that was foretold, and not the day before, where it stayed valid', {
  timeout: 30_000,
}, () => {
  let foretold = 0;
  for (let index = 0; index < FAMILIES; index++) {
    for (const person of earlier.family(index).guardians) {
      const [known, now] = [before.find(person)?.permits ?? [], after.find(person)?.permits ?? []];
      for (const [continuousMonths, consecutive] of asked) {
        const query = { region: '37', validAt: before.completeTo, continuousMonths, consecutive, fromApplication: false };
        const { disclosures } = ruleOnPermit(known, query, before.completeTo);
        const day = 'earliestIfUnchanged' in disclosures ? disclosures.earliestIfUnchanged : undefined;
        if (day === undefined || day > after.completeTo) continue;
        const sinceOf = (permits: typeof now, at: string) =>
          unbrokenSince(
            permits.flatMap(({ periods }) => periods),
            at,
          );
        if (sinceOf(now, day) !== sinceOf(known, before.completeTo)) continue;
        foretold += 1;
        const ask = (validAt: string) => ruleOnPermit(now, { ...query, validAt }, after.completeTo).outcome;
        if (ask(day) !== 'confirmed' || ask(dayBefore(day)) !== 'refuted') {
          expect.fail(`Family ${index}, ${person.key}: ${continuousMonths} months were foretold for ${day}`);
        }
      }
    }
  }
  expect(foretold).toBeGreaterThan(50);
});
