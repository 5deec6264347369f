import { monthsEarlier } from '@vouch/adapter-sdk/calendar';
import { adapterConformance } from '@vouch/adapter-sdk/conformance';
import { createPopulation, type Person, type SocialSecurityFacts } from '@vouch/population';
import { createSocialSecurityAdapter } from '../src/service.js';

const REGION = '370102';
const population = createPopulation();

/** The first person of the region of whom something holds. */
function someone(holds: (facts: SocialSecurityFacts) => boolean): { person: Person; facts: SocialSecurityFacts } {
  for (const family of population.familiesOf(REGION)) {
    for (const person of family.people) {
      const facts = population.socialSecurity(person);
      if (holds(facts)) return { person, facts };
    }
  }
  throw new Error('Nobody in the region is like that');
}
const toPerson = ({ idNumber, name }: Person) => ({ idNumber, name });
const pension = ({ months }: SocialSecurityFacts) => months.filter(({ scheme }) => scheme === 'pension-employee');
const monthsOf = (facts: SocialSecurityFacts, kinds: readonly string[]) =>
  new Set(
    pension(facts)
      .filter(({ kind }) => kinds.includes(kind))
      .map(({ month }) => month),
  ).size;

const endingAt = population.asOf('social-security');

// Five years and more without a gap or a late payment, up to the last closed month.
const steady = someone((facts) => {
  const paid = pension(facts);
  const [first, last] = [paid[0]?.month, paid.at(-1)?.month];
  if (first === undefined || last !== endingAt.slice(0, 7) || paid.length < 60) return false;
  return monthsOf(facts, ['regular']) === paid.length && monthsEarlier(last, paid.length - 1) === first;
});
const all = pension(steady.facts).length;
const backPayer = someone((facts) => monthsOf(facts, ['back-payment']) > 0 && monthsOf(facts, ['arrears']) === 0);
const never = someone((facts) => facts.months.length === 0);
const jobless = someone((facts) => facts.employments.length === 0);
const employed = someone(({ employments }) => employments.length === 1 && employments[0]?.until === undefined);

const selfInsured = someone(({ flexibleWork }) => flexibleWork.length === 1 && flexibleWork[0]?.until === undefined);

const job = employed.facts.employments[0] as SocialSecurityFacts['employments'][number];
const regular = monthsOf(backPayer.facts, ['regular']);
const withLate = monthsOf(backPayer.facts, ['regular', 'back-payment']);
// From when a month more than there are would be enough: when the last closed one was paid when due.
const paysNow = pension(backPayer.facts).some(({ month, kind }) => month === endingAt.slice(0, 7) && kind === 'regular');
const foretold = (missing: number) => (paysNow ? { earliestIfUnchanged: `${monthsEarlier(endingAt.slice(0, 7), -missing)}-01` } : {});
const months = (
  person: Person,
  parameters: object,
  outcome: 'confirmed' | 'refuted',
  { months, shortBy, ...more }: { months: number; shortBy: number; firstPaid?: string; earliestIfUnchanged?: string },
) => ({
  claimType: 'insured-months',
  parameters: { scheme: 'pension-employee', endingAt, ...parameters },
  persons: { subject: toPerson(person) },
  outcome,
  disclosures: { months, shortBy, ...more },
});
const firstPaid = (facts: SocialSecurityFacts, kinds: readonly string[]) => {
  const days = pension(facts).flatMap(({ kind, paidOn }) => (kinds.includes(kind) ? (paidOn ?? []) : []));
  return days.length === 0 ? {} : { firstPaid: days.sort()[0] ?? '' };
};
const steadily = firstPaid(steady.facts, ['regular']);
const late = pension(backPayer.facts).find(({ kind }) => kind === 'back-payment') as SocialSecurityFacts['months'][number];
const own = selfInsured.facts.flexibleWork[0] as SocialSecurityFacts['flexibleWork'][number];

adapterConformance(createSocialSecurityAdapter(population), {
  unknownPerson: { idNumber: '375001190001010011', name: '无名氏' },
  cases: [
    months(steady.person, { atLeast: all }, 'confirmed', { months: all, shortBy: 0, ...steadily }),
    months(steady.person, { atLeast: all + 1 }, 'refuted', {
      months: all,
      shortBy: 1,
      ...steadily,
      earliestIfUnchanged: `${monthsEarlier(endingAt.slice(0, 7), -1)}-01`,
    }),
    months(steady.person, { atLeast: all, endingAt: '2030-01' }, 'confirmed', { months: all, shortBy: 0, ...steadily }),
    months(steady.person, { atLeast: 1, endingAt: '2001-01-31' }, 'refuted', {
      months: 0,
      shortBy: 1,
      ...steadily,
      earliestIfUnchanged: `${pension(steady.facts)[0]?.month}-01`,
    }),
    months(backPayer.person, { atLeast: withLate, consecutive: false }, 'refuted', {
      months: regular,
      shortBy: withLate - regular,
      ...firstPaid(backPayer.facts, ['regular']),
      ...foretold(withLate - regular),
    }),
    months(backPayer.person, { atLeast: withLate, consecutive: false, countBackPayments: true }, 'confirmed', {
      months: withLate,
      shortBy: 0,
      ...firstPaid(backPayer.facts, ['regular', 'back-payment']),
    }),
    months(never.person, { atLeast: 1 }, 'refuted', { months: 0, shortBy: 1 }),
    {
      claimType: 'back-paid',
      parameters: { scheme: 'pension-employee', startingAt: late.month, endingAt: late.month },
      persons: { subject: toPerson(backPayer.person) },
      outcome: 'confirmed',
      disclosures: {},
    },
    {
      claimType: 'back-paid',
      parameters: { scheme: 'pension-employee', startingAt: '2001-01', endingAt },
      persons: { subject: toPerson(steady.person) },
      outcome: 'refuted',
    },
    {
      claimType: 'flexible-work',
      parameters: { region: own.region, at: own.happenedOn },
      persons: { subject: toPerson(selfInsured.person) },
      outcome: 'confirmed',
      disclosures: { months: 0, since: own.happenedOn },
    },
    {
      claimType: 'flexible-work',
      parameters: { region: '37', at: endingAt },
      persons: { subject: toPerson(employed.person) },
      outcome: 'refuted',
      disclosures: {},
    },
    {
      claimType: 'employed-in',
      parameters: { region: job.region, at: job.happenedOn },
      persons: { subject: toPerson(employed.person) },
      outcome: 'confirmed',
      disclosures: { months: 0, since: job.happenedOn },
    },
    {
      claimType: 'employed-in',
      parameters: { region: '37', at: '2001-01-01' },
      persons: { subject: toPerson(employed.person) },
      outcome: 'refuted',
    },
    {
      claimType: 'employed-in',
      parameters: { region: '37', at: endingAt },
      persons: { subject: toPerson(jobless.person) },
      outcome: 'refuted',
    },
  ],
});
