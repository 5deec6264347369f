import { fullMonths } from '@vouch/adapter-sdk/calendar';
import { adapterConformance, type ConformanceCase } from '@vouch/adapter-sdk/conformance';
import { createPopulation, type Family, type Person, type PoliceFacts } from '@vouch/population';
import { createPoliceAdapter } from '../src/service.js';

const REGION = '370102';
const population = createPopulation();

/** The first person of the region of whom something holds. */
function someone(holds: (facts: PoliceFacts, family: Family) => boolean): { person: Person; facts: PoliceFacts; family: Family } {
  for (const family of population.familiesOf(REGION)) {
    for (const person of family.people) {
      const facts = population.police(person);
      if (holds(facts, family)) return { person, facts, family };
    }
  }
  throw new Error('Nobody in the region is like that');
}
const toPerson = ({ idNumber, name }: Person) => ({ idNumber, name });
const guardianOf = (family: Family): Person => family.guardians[0] as Person;
const isChild = ({ person }: PoliceFacts): boolean => person.key === 'child';

const sameBook = someone(
  (facts, family) => isChild(facts) && facts.page !== undefined && facts.page.bookId === population.police(guardianOf(family)).page?.bookId,
);
const newcomer = someone(({ page, previousPages }) => page?.region === REGION && page.reason === 'moved-in' && previousPages.length === 0);
const collective = someone(({ page, unnumberedPages }) => page?.bookType === 'collective' && unnumberedPages.length === 0);
const unnumbered = someone(({ page, unnumberedPages }) => page === undefined && unnumberedPages.some(({ region }) => region === REGION));
const permitted = someone(({ permits }) => permits.length === 1 && permits[0]?.periods.length === 1 && permits[0].region === REGION);
const period = permitted.facts.permits[0]?.periods[0] as { from: string; until: string };
const stranger = someone((facts, family) => facts.person.key === 'guardian' && family.index !== sameBook.family.index);

const twin = someone((_, family) => family.siblings.some(({ birthDate }) => birthDate === family.child.birthDate));
const withSibling = someone(
  ({ person, birthFamily }, { siblings, child }) =>
    person.key === 'child' && birthFamily.brothers === 1 && siblings.length === 1 && siblings[0]?.birthDate !== child.birthDate,
);
const grandchild = someone(({ person }, family) => person.key === 'child' && family.grandparents.some(({ key }) => key === 'grandparent1'));
const father = grandchild.family.guardians.find(({ kinship }) => kinship === 'father') as Person;
const mother = grandchild.family.guardians.find(({ kinship }) => kinship === 'mother') ?? father;
const grandfather = grandchild.family.grandparents.find(({ key }) => key === 'grandparent1') as Person;
const sonAlone = someone(({ person, birthFamily }) => person.kinship === 'father' && birthFamily.brothers === 0 && birthFamily.sisters > 0);
const local = someone(
  ({ person, page, previousPages }) =>
    person.key === 'child' && page?.region === REGION && page.reason === 'birth' && previousPages.length === 0,
);

const child = toPerson(sameBook.person);
const guardian = toPerson(guardianOf(sameBook.family));
const household = (
  person: Person,
  parameters: object,
  outcome: ConformanceCase['outcome'],
  disclosures?: ConformanceCase['disclosures'],
) => ({
  claimType: 'household-registered',
  parameters,
  persons: { subject: toPerson(person) },
  outcome,
  disclosures,
});
const permit = (parameters: object, outcome: ConformanceCase['outcome']) => ({
  claimType: 'residence-permit',
  parameters: { region: REGION, validAt: period.until, ...parameters },
  persons: { subject: toPerson(permitted.person) },
  outcome,
});
const kin = (as: string, subject: Person, relative: Person, outcome: ConformanceCase['outcome'], through?: Person) => ({
  claimType: 'kin-of',
  parameters: { as },
  persons: { subject: toPerson(subject), relative: toPerson(relative), ...(through && { through: toPerson(through) }) },
  outcome,
  disclosures: {},
});
const born = ({ family }: typeof twin, relative: Person, outcome: ConformanceCase['outcome']) => ({
  claimType: 'born-together',
  parameters: {},
  persons: { subject: toPerson(family.child), relative: toPerson(relative) },
  outcome,
});
const since = newcomer.facts.page?.happenedOn ?? '';

adapterConformance(createPoliceAdapter(population), {
  unknownPerson: { idNumber: '375001190001010011', name: '无名氏' },
  cases: [
    household(newcomer.person, { region: REGION, since }, 'confirmed', { since, months: fullMonths(since, population.asOf('police')) }),
    household(newcomer.person, { region: REGION, since: '1920-01-01' }, 'refuted', {
      months: fullMonths(since, population.asOf('police')),
    }),
    household(collective.person, { region: '37', excludeCollective: true }, 'refuted', {}),
    household(unnumbered.person, { region: REGION }, 'ambiguous', {}),
    {
      claimType: 'household-registered',
      parameters: { region: sameBook.facts.page?.region, withGuardian: true },
      persons: { subject: child, guardian },
      outcome: 'confirmed',
    },
    {
      claimType: 'household-registered',
      parameters: { region: '37', withGuardian: true },
      persons: { subject: child, guardian: toPerson(stranger.person) },
      outcome: 'refuted',
    },
    {
      claimType: 'registered-since-birth',
      parameters: { region: REGION, unmoved: true },
      persons: { subject: toPerson(local.person) },
      outcome: 'confirmed',
      disclosures: { since: local.facts.page?.happenedOn ?? '' },
    },
    {
      claimType: 'registered-since-birth',
      parameters: { region: '11' },
      persons: { subject: toPerson(local.person) },
      outcome: 'refuted',
      disclosures: {},
    },
    {
      claimType: 'registered-since-birth',
      parameters: { region: REGION },
      persons: { subject: toPerson(unnumbered.person) },
      outcome: 'ambiguous',
    },
    {
      claimType: 'same-book',
      parameters: {},
      persons: { subject: child, relative: guardian },
      outcome: sameBook.facts.page?.bookType === 'collective' ? 'refuted' : 'confirmed',
    },
    {
      claimType: 'same-book',
      parameters: {},
      persons: { subject: child, relative: toPerson(stranger.person) },
      outcome: 'refuted',
      disclosures: {},
    },
    kin('grandchild', grandchild.person, grandfather, 'confirmed'),
    kin('grandchild', grandchild.person, grandfather, 'confirmed', father),
    kin('grandchild', grandchild.person, grandfather, mother === father ? 'confirmed' : 'refuted', mother),
    kin('child', grandchild.person, father, 'confirmed'),
    kin('child', grandchild.person, stranger.person, 'refuted'),
    kin('sibling', withSibling.person, withSibling.family.siblings[0] as Person, 'confirmed'),
    born(twin, twin.family.siblings.find(({ birthDate }) => birthDate === twin.family.child.birthDate) as Person, 'confirmed'),
    born(withSibling, withSibling.family.siblings[0] as Person, 'refuted'),
    { claimType: 'only-child', parameters: { among: 'sons' }, persons: { subject: toPerson(sonAlone.person) }, outcome: 'confirmed' },
    { claimType: 'only-child', parameters: {}, persons: { subject: toPerson(sonAlone.person) }, outcome: 'refuted', disclosures: {} },
    { claimType: 'guardian-of', parameters: {}, persons: { subject: child, guardian }, outcome: 'confirmed', disclosures: {} },
    {
      claimType: 'guardian-of',
      parameters: {},
      persons: { subject: child, guardian: toPerson(stranger.person) },
      outcome: 'refuted',
      disclosures: {},
    },
    permit({}, 'confirmed'),
    permit({ validAt: period.from }, 'confirmed'),
    permit({ continuousMonths: 240 }, 'refuted'),
    permit({ validAt: '2001-01-01' }, 'refuted'),
    {
      claimType: 'age-on',
      parameters: { at: sameBook.person.birthDate, years: 0 },
      persons: { subject: child },
      outcome: 'confirmed',
      disclosures: {},
    },
    {
      claimType: 'age-on',
      parameters: { at: sameBook.person.birthDate, years: 1 },
      persons: { subject: child },
      outcome: 'refuted',
      disclosures: {},
    },
  ],
});
