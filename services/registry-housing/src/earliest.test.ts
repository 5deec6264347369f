import { dayBefore, unbrokenSince } from '@vouch/adapter-sdk/calendar';
import { createPopulation } from '@vouch/population';
import { expect, it } from 'vitest';
import { ruleOnLease } from './domain/lease.js';
import { createHousingRecords } from './records.js';

// The same people half a year apart: what the earlier records foretell must be so by the later ones, for whom the lease went on.
const FAMILIES = 3000;
const earlier = createPopulation({ families: FAMILIES, today: '2026-03-15' });
const later = createPopulation({ families: FAMILIES });
const before = createHousingRecords(earlier);
const after = createHousingRecords(later);

it('registered-lease is confirmed from the day that was foretold, and not the day before, where it went on', { timeout: 30_000 }, () => {
  let foretold = 0;
  for (let index = 0; index < FAMILIES; index++) {
    for (const person of earlier.family(index).guardians) {
      const [known, now] = [before.find(person)?.leases ?? [], after.find(person)?.leases ?? []];
      for (const minimumMonths of [3, 6, 12, 24, 60]) {
        const query = {
          region: '37',
          coversDate: before.completeTo,
          minimumMonths,
          kind: 'any' as const,
          fromRegistration: false,
          sameAddress: false,
        };
        const { disclosures } = ruleOnLease(known, query, before.completeTo);
        const day = 'earliestIfUnchanged' in disclosures ? disclosures.earliestIfUnchanged : undefined;
        if (day === undefined || day > after.completeTo) continue;
        const sinceOf = (leases: typeof now, at: string) => unbrokenSince(leases, at);
        if (sinceOf(now, day) !== sinceOf(known, before.completeTo)) continue;
        foretold += 1;
        const ask = (coversDate: string) => ruleOnLease(now, { ...query, coversDate }, after.completeTo).outcome;
        if (ask(day) !== 'confirmed' || ask(dayBefore(day)) !== 'refuted') {
          expect.fail(`Family ${index}, ${person.key}: ${minimumMonths} months were foretold for ${day}`);
        }
      }
    }
  }
  expect(foretold).toBeGreaterThan(50);
});
