import { dayBefore, monthOf } from '@vouch/adapter-sdk/calendar';
import { createPopulation } from '@vouch/population';
import { expect, it } from 'vitest';
import { type InsuredMonth, ruleOnInsurance, type WantedMonths } from './domain/insurance.js';
import { createSocialSecurityRecords } from './records.js';

// The same people half a year apart: what the earlier records foretell must be so by the later ones, for whom payments did go on.
const FAMILIES = 1500;
const earlier = createPopulation({ families: FAMILIES, today: '2026-03-15' });
const later = createPopulation({ families: FAMILIES });
const before = createSocialSecurityRecords(earlier);
const after = createSocialSecurityRecords(later);
const queries: readonly WantedMonths[] = [3, 6, 12, 24, 60].flatMap((atLeast) =>
  [true, false].map((consecutive) => ({
    schemes: ['pension-employee'] as const,
    region: '37',
    atLeast,
    endingAt: '2026-03',
    consecutive,
    countBackPayments: false,
    byEmployer: false,
  })),
);

const paid = (months: readonly InsuredMonth[], from: string, to: string): string[] =>
  months
    .filter(({ month, scheme, payment, region }) => {
      return month >= from && month <= to && scheme === 'pension-employee' && payment === 'on-time' && region.startsWith('37');
    })
    .map(({ month }) => month);

it('insured-months is confirmed from the day that was foretold, and not the day before, where payments went on', {
  timeout: 30_000,
}, () => {
  let foretold = 0;
  for (let index = 0; index < FAMILIES; index++) {
    for (const person of earlier.family(index).guardians) {
      const [known, now] = [before.find(person)?.months ?? [], after.find(person)?.months ?? []];
      for (const query of queries) {
        const day = ruleOnInsurance(known, query, before.completeTo).disclosures.earliestIfUnchanged;
        if (day === undefined || day > after.completeTo) continue;
        // What was on record is as it was, and every month since is paid.
        const closed = monthOf(before.completeTo);
        const asItWas = paid(known, '', closed).join() === paid(now, '', closed).join();
        const since =
          Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - (Number(closed.slice(0, 4)) * 12 + Number(closed.slice(5, 7)));
        if (!asItWas || paid(now, '', monthOf(day)).filter((month) => month > closed).length < since) continue;
        foretold += 1;
        const ask = (endingAt: string) => ruleOnInsurance(now, { ...query, endingAt }, after.completeTo).outcome;
        if (ask(day) !== 'confirmed' || ask(dayBefore(day)) !== 'refuted') {
          expect.fail(`Family ${index}, ${person.key}: ${query.atLeast} months were foretold for ${day}`);
        }
      }
    }
  }
  expect(foretold).toBeGreaterThan(100);
});
