import type { Business, Employment, FlexibleWork, InsuredMonth, InsuredWithin, Person, Scheme } from '../family.js';
import { firstDayOf, fromDay, fromMonth, lastDayOf, monthOf, toDay, toMonth } from './calendar.js';
import { neighboursOf, type Setting } from './counties.js';
import { Draws, mix, PART } from './draws.js';
import type { Life } from './life.js';
import { refOf } from './titles.js';
import { recordedAfter, STORY_END } from './world.js';

/** How a person is insured. */
type Standing = 'employee' | 'self-insured' | 'resident' | 'none';

/** A time with one employer, or of insuring oneself, in one county. Months are month numbers, bounds inclusive. */
interface Spell {
  readonly from: number;
  readonly until: number;
  readonly region: string;
  readonly employerId: string | undefined;
}

/** What befell some months of a career. */
type Mishap =
  | { readonly kind: 'gap'; readonly from: number; readonly until: number }
  | { readonly kind: 'back-payment' | 'arrears'; readonly from: number; readonly until: number; readonly paidOn: number | undefined };

interface Career {
  readonly standing: Standing;
  readonly spells: readonly Spell[];
  readonly mishap: Mishap | undefined;
  /** Key of what is drawn month by month. */
  readonly key: number;
}

const LAST_MONTH = monthOf(STORY_END);
const FIRST_MONTH = LAST_MONTH - 119;
const EMPLOYEES: Readonly<Record<Setting, number>> = { 'big-city': 0.56, district: 0.46, town: 0.37, rural: 0.28 };
const SELF_INSURED = 0.08;
const UNINSURED = 0.05;
const MOTHER_FACTOR = 0.92;
const SCHEMES: Readonly<Record<Standing, readonly Scheme[]>> = {
  employee: ['pension-employee', 'medical-employee', 'unemployment', 'work-injury'],
  'self-insured': ['pension-employee', 'medical-employee'],
  resident: ['pension-resident', 'medical-resident'],
  none: [],
};
const KEYS = ['child', 'guardian', 'guardian2', 'sibling1', 'sibling2', 'grandparent1', 'grandparent2', 'grandparent3', 'grandparent4'];
// Prime to 10^8, so that every business has an id of its own.
const BUSINESS_SPREAD = 73_939_133;
const YEAR = 365.2425;

function drawStanding(life: Life, person: Person, draws: Draws): Standing {
  const age = (STORY_END - fromDay(person.birthDate)) / YEAR;
  const at = draws.next();
  if (person.key.startsWith('grandparent')) {
    if (age >= (person.sex === 'male' ? 60 : 55)) return at < 0.3 ? 'none' : 'resident';
    return at < EMPLOYEES[life.setting] * 0.5 ? 'employee' : 'resident';
  }
  if (age < 20) return at < 0.96 ? 'resident' : 'none';
  const employees = EMPLOYEES[life.setting] * (person.sex === 'female' ? MOTHER_FACTOR : 1);
  if (at < employees) return 'employee';
  if (at < employees + SELF_INSURED) return 'self-insured';
  return at < 1 - UNINSURED ? 'resident' : 'none';
}

/** A person's working life of the last ten years. */
function makeCareer(life: Life, person: Person): Career {
  const nth = KEYS.indexOf(person.key);
  const key = mix(life.world.seed, life.index * KEYS.length + nth, PART.work);
  const draws = new Draws(life.world.seed, life.index * KEYS.length + nth, PART.work);
  const standing = drawStanding(life, person, draws);
  if (standing !== 'employee' && standing !== 'self-insured') {
    return {
      standing,
      spells: [{ from: FIRST_MONTH, until: LAST_MONTH, region: registeredRegion(life, person), employerId: undefined }],
      mishap: undefined,
      key,
    };
  }
  const spells = drawSpells(life, person, draws, standing);
  return { standing, spells, mishap: drawMishap(draws, spells, standing), key };
}

/** Where grandparents live, and where migrants are registered. */
function registeredRegion(life: Life, person: Person): string {
  // By kinship: a person may have been made at another time than this life.
  if (person.kinship.startsWith('paternal')) return life.paternalRegion;
  if (person.kinship.startsWith('maternal')) return life.maternalRegion;
  return life.origin === 'migrant' ? life.originRegion : life.region;
}

/** Employers of a county; families share them. */
const EMPLOYERS = 3000;

/** Employers and businesses have the shape of a unified social credit code, with the unassigned division code 375000. */
const employerOf = (life: Life, region: string, draws: Draws): string =>
  `91375000MA${String(mix(life.world.seed, Number(region), draws.int(1, EMPLOYERS)) % 10 ** 8).padStart(8, '0')}`;

function drawSpells(life: Life, person: Person, draws: Draws, standing: Standing): Spell[] {
  const grownUp = monthOf(fromDay(person.birthDate) + Math.round(20 * YEAR));
  const old = person.key.startsWith('grandparent');
  const base = old ? registeredRegion(life, person) : life.region;
  const came = life.origin === 'migrant' && !old ? monthOf(life.arrivedOn) : 0;
  const current = Math.max(LAST_MONTH - Math.round(2 + 130 * draws.next() ** 1.35), came, grownUp, FIRST_MONTH);
  const until = draws.chance(0.07) ? LAST_MONTH - draws.int(1, 10) : LAST_MONTH;
  const region = draws.chance(0.86) ? base : draws.pick(neighboursOf(base));
  const employer = (where: string) => (standing === 'employee' ? employerOf(life, where, draws) : undefined);
  const spells: Spell[] = [{ from: Math.min(current, until), until, region, employerId: employer(region) }];
  for (let next = spells[0] as Spell; next.from > Math.max(FIRST_MONTH, grownUp) && draws.chance(0.8); next = spells[0] as Spell) {
    const between = draws.chance(0.55) ? 0 : draws.int(1, 8);
    const last = next.from - 1 - between;
    const first = Math.max(last - draws.int(5, 50), FIRST_MONTH, grownUp);
    if (first > last) break;
    const earlier = last < came ? life.originRegion : draws.chance(0.75) ? region : draws.pick(neighboursOf(base));
    spells.unshift({ from: first, until: last, region: earlier, employerId: employer(earlier) });
  }
  return spells;
}

/** A gap, of which a third was paid for later, or an employer in arrears, of which most have paid since. */
function drawMishap(draws: Draws, spells: readonly Spell[], standing: Standing): Mishap | undefined {
  const at = draws.next();
  const length = draws.int(1, 5);
  const last = spells[spells.length - 1] as Spell;
  const from = Math.max(last.until - draws.int(length, 34), last.from);
  const until = Math.min(from + length - 1, last.until);
  const paidOn = Math.min(lastDayOf(until) + draws.int(45, 260), STORY_END - 2);
  const owed = draws.chance(0.4);
  if (at < 0.09) return { kind: 'gap', from, until };
  // What is paid before the next month is over is no back-payment.
  if (at < 0.13) return paidOn > lastDayOf(until + 1) ? { kind: 'back-payment', from, until, paidOn } : undefined;
  if (at < 0.17 && standing === 'employee') return { kind: 'arrears', from, until, paidOn: owed ? undefined : paidOn };
  return undefined;
}

/** A person's insured months, oldest first, whatever day it is. */
export function makeInsuredMonths(life: Life, person: Person, within: InsuredWithin = {}): InsuredMonth[] {
  const { standing, spells, mishap, key } = makeCareer(life, person);
  const schemes = SCHEMES[standing].filter((scheme) => within.schemes?.includes(scheme) ?? true);
  if (schemes.length === 0) return [];
  const months: InsuredMonth[] = [];
  const born = monthOf(fromDay(person.birthDate));
  const first = Math.max(within.from === undefined ? FIRST_MONTH : fromMonth(within.from), FIRST_MONTH, born);
  const retired = person.sex === 'male' ? 60 : 55;
  const pensionAge = monthOf(fromDay(person.birthDate) + Math.round((standing === 'resident' ? 60 : retired) * YEAR));
  for (const spell of spells) {
    for (let month = Math.max(spell.from, first); month <= spell.until; month++) {
      const payment = standing === 'resident' ? undefined : paymentOf(month, mishap, key);
      if (payment === 'none') continue;
      const label = toMonth(month);
      for (const scheme of schemes) {
        if (scheme.startsWith('pension') && (month >= pensionAge || (standing === 'resident' && month < born + 16 * 12))) continue;
        const { kind, paidOn, recordedOn } = payment ?? residentPayment(month, scheme, key);
        months.push({ month: label, scheme, region: spell.region, employerId: spell.employerId, kind, paidOn, recordedOn });
      }
    }
  }
  return months;
}

type Payment = Pick<InsuredMonth, 'kind' | 'paidOn' | 'recordedOn'>;

/** How one month was paid: usually within it, and on record 10 to 20 days after its end. */
function paymentOf(month: number, mishap: Mishap | undefined, key: number): Payment | 'none' {
  const chance = mix(key, month, 3);
  const end = lastDayOf(month);
  const usual = end + 10 + (chance % 11);
  if (mishap && month >= mishap.from && month <= mishap.until) {
    if (mishap.kind === 'gap') return 'none';
    const paid = mishap.paidOn;
    const recorded = mishap.kind === 'arrears' ? usual : (paid as number) + 1 + (chance % 15);
    return { kind: mishap.kind, paidOn: paid === undefined ? undefined : toDay(paid), recordedOn: toDay(recorded) };
  }
  const late = (chance >>> 8) % 100 === 0;
  return {
    kind: 'regular',
    paidOn: toDay(firstDayOf(month) + 9 + ((chance >>> 4) % 16)),
    recordedOn: toDay(late ? usual + 20 + (chance % 60) : usual),
  };
}

/** Residents pay once for a year: medical in the autumn before it, pension in its spring. */
function residentPayment(month: number, scheme: Scheme, key: number): Payment {
  const january = month - (month % 12);
  const chance = mix(key, january, 5);
  const paidOn = scheme === 'medical-resident' ? firstDayOf(january - 3) + (chance % 90) : firstDayOf(january + 2) + (chance % 100);
  return { kind: 'regular', paidOn: toDay(paidOn), recordedOn: toDay(paidOn + 2 + (chance % 9)) };
}

/** A person's jobs, oldest first. */
export function makeEmployments(life: Life, person: Person): Employment[] {
  const { standing, spells, key } = makeCareer(life, person);
  if (standing !== 'employee') return [];
  return spells.map((spell) => ({ employerId: spell.employerId as string, ...timeOf(spell, key) }));
}

/** A person's registrations as a flexible worker, oldest first: whoever insures themselves has them. */
export function makeFlexibleWork(life: Life, person: Person): FlexibleWork[] {
  const { standing, spells, key } = makeCareer(life, person);
  return standing === 'self-insured' ? spells.map((spell) => timeOf(spell, key)) : [];
}

function timeOf({ from, until, region }: Spell, key: number): FlexibleWork {
  const chance = mix(key, from, 9);
  const started = firstDayOf(from) + (chance % 10);
  return {
    region,
    until: until >= LAST_MONTH ? undefined : toDay(lastDayOf(until) - (chance % 4)),
    happenedOn: toDay(started),
    recordedOn: toDay(started + 1 + (chance % 25)),
  };
}

/** A parent's business, if there is one; one in six has closed. */
export function makeBusinesses(life: Life, person: Person): Business[] {
  const nth = KEYS.indexOf(person.key);
  const draws = new Draws(life.world.seed, life.index * KEYS.length + nth, PART.tax);
  if (!person.key.startsWith('guardian') || !draws.chance(0.11)) return [];
  const from = STORY_END - draws.int(30, 4400);
  const closed = draws.chance(0.17);
  const until = closed ? from + draws.int(20, STORY_END - from - 5) : undefined;
  const kind = draws.chance(0.76) ? 'sole-trader' : 'company';
  const where = draws.next();
  const region = where < 0.8 ? life.region : where < 0.92 ? draws.pick(neighboursOf(life.region)) : registeredRegion(life, person);
  return [
    {
      businessId: `${kind === 'company' ? '91' : '92'}375000MB${String(((life.index * KEYS.length + nth) * BUSINESS_SPREAD) % 10 ** 8).padStart(8, '0')}`,
      kind,
      region,
      legalRepresentative: refOf(person),
      from: toDay(from),
      until: until === undefined ? undefined : toDay(until),
      happenedOn: toDay(from),
      recordedOn: toDay(recordedAfter(draws, from, [1, 1])),
    },
  ];
}
