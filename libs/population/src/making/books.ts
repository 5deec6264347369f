import type { HouseholdPage, Person, RelationToHead } from '../family.js';
import { fromDay, toDay } from './calendar.js';
import { neighboursOf } from './counties.js';
import { Draws, PART } from './draws.js';
import type { Housing } from './homes.js';
import { guardianOf, type Life } from './life.js';
import { type Address, addressOf, digitsOf, PLACE, type Place, recordedAfter, STORY_END } from './world.js';

/** A family's pages in household books. */
export interface Books {
  /** Pages of each person, newest first; the first is in force. */
  readonly pages: ReadonlyMap<string, readonly HouseholdPage[]>;
  /** Pages without an ID number, by the ID number of whom they may belong to. */
  readonly unnumbered: ReadonlyMap<string, readonly HouseholdPage[]>;
}

/** One book of the family's story. */
interface Book {
  readonly bookId: string;
  readonly bookType: HouseholdPage['bookType'];
  readonly headName: string;
  readonly headIdNumber: string;
  readonly at: Address;
}

/** On which book the parents and children are. */
type Arrangement = 'own-book' | 'grandparents-book' | 'collective-book';

const COLLECTIVE_HEAD = '集体户';
const BIRTH_REPORTED = [3, 60] as const;
const LATE_BIRTH_REPORTED = [190, 900] as const;
const LATE_BIRTH_SHARE = 0.015;

/** A family's household books. */
export function makeBooks(life: Life, housing: Housing): Books {
  const { family } = life;
  const draws = new Draws(life.world.seed, life.index, PART.books);
  const pages = new Map<string, HouseholdPage[]>();
  const page = (person: Person, book: Book, relation: RelationToHead, openedOn: number, reason: HouseholdPage['reason']) => {
    const list = pages.get(person.idNumber) ?? [];
    const [previous] = list;
    const opened = Math.max(Math.min(openedOn, STORY_END - 1), previous ? fromDay(previous.happenedOn) + 1 : 0);
    if (previous && previous.movedOutOn === undefined) list[0] = { ...previous, movedOutOn: toDay(opened) };
    list.unshift({
      bookId: book.bookId,
      bookType: book.bookType,
      headName: book.headName,
      relationToHead: book.bookType === 'collective' ? 'none' : relation,
      ...book.at,
      reason,
      movedOutOn: undefined,
      happenedOn: toDay(opened),
      recordedOn: toDay(recordedAfter(draws, opened, [1, 1], 0.015)),
    });
    pages.set(person.idNumber, list);
  };

  const paternal = bookOf(life, PLACE.paternal, housing.paternalAddress, life.paternalGrandparents[0] ?? life.father ?? guardianOf(family));
  const maternal = bookOf(life, PLACE.maternal, housing.maternalAddress, life.maternalGrandparents[0] ?? life.mother ?? guardianOf(family));
  for (const [book, pair] of [
    [paternal, life.paternalGrandparents],
    [maternal, life.maternalGrandparents],
  ] as const) {
    const openedOn = fromDay('1986-01-01') + draws.int(0, 9000);
    for (const person of pair) page(person, book, person.idNumber === book.headIdNumber ? 'head' : 'spouse', openedOn, 'moved-in');
  }

  const arrangement = drawArrangement(life, draws);
  const onPaternal = arrangement === 'grandparents-book' && life.paternalGrandparents.length > 0;
  const guardian = guardianOf(family);
  const own = chooseBook(life, housing, draws, arrangement, onPaternal ? paternal : maternal);
  const since = drawSince(life, housing, draws, arrangement, own);
  addParents({ life, draws, page, own, since, arrangement, paternal, maternal, onPaternal });

  // After a divorce some children stay on the other parent's book.
  const otherParent = family.union === 'divorced' && draws.chance(0.15) ? family.guardians[1] : undefined;
  const otherPage = otherParent && pages.get(otherParent.idNumber)?.[0];
  const other: [Book, number] | undefined = otherPage && [toBook(otherPage, otherParent), fromDay(otherPage.happenedOn)];
  // A child cannot well be on a collective book; most are on grandparents' books then.
  const apart = arrangement === 'collective-book' && draws.chance(0.6);
  for (const child of [family.child, ...family.siblings]) {
    // A few are on their grandparents' book without their parents.
    const away = draws.chance(child === family.child ? 0.035 : 0.06) && family.grandparents.length > 0;
    if (apart || away) {
      const book = life.paternalGrandparents.length > 0 ? paternal : maternal;
      addChild({ life, draws, page, child, stays: [[book, Number.NEGATIVE_INFINITY]] });
      continue;
    }
    const stays: [Book, number][] = [
      [earlierBook(life, paternal, arrangement), Number.NEGATIVE_INFINITY],
      [own, arrangement === 'grandparents-book' ? Number.NEGATIVE_INFINITY : since],
    ];
    if (other) stays.push(other);
    addChild({ life, draws, page, child, stays });
  }
  return { pages, unnumbered: makeUnnumbered(life, draws, pages, guardian) };
}

type AddPage = (person: Person, book: Book, relation: RelationToHead, openedOn: number, reason: HouseholdPage['reason']) => void;

const bookOf = (life: Life, place: Place, at: Address, head: Person): Book => ({
  bookId: `合成HK${at.region}${digitsOf(life.world, life.index, place)}`,
  bookType: 'family',
  headName: head.name,
  headIdNumber: head.idNumber,
  at,
});

const toBook = (page: HouseholdPage, head: Person): Book => ({
  bookId: page.bookId,
  bookType: page.bookType,
  headName: page.headName,
  headIdNumber: head.idNumber,
  at: { region: page.region, addressCode: page.addressCode },
});

const placed = (life: Life, place: Place, region: string): Address => addressOf(life.world, life.index, place, region);

function drawArrangement(life: Life, draws: Draws): Arrangement {
  const at = draws.next();
  if (life.origin === 'moved-in' && life.setting !== 'rural' && at < 0.08) return 'collective-book';
  if (life.family.grandparents.length === 0 || life.origin === 'moved-in') return 'own-book';
  if (life.dwelling === 'grandparents') return at < 0.8 ? 'grandparents-book' : 'own-book';
  return at < (life.origin === 'migrant' ? 0.4 : 0.14) ? 'grandparents-book' : 'own-book';
}

/** The book of the parent with whom the child lives. */
function chooseBook(life: Life, housing: Housing, draws: Draws, arrangement: Arrangement, grandparents: Book): Book {
  const head = draws.chance(0.75) && life.family.union === 'married' ? (life.father ?? guardianOf(life.family)) : guardianOf(life.family);
  const atHome = draws.chance(0.82);
  if (arrangement === 'grandparents-book') return grandparents;
  if (arrangement === 'collective-book') {
    return {
      bookId: `合成JT${life.region}${digitsOf(life.world, life.index, PLACE.collective)}`,
      bookType: 'collective',
      headName: COLLECTIVE_HEAD,
      headIdNumber: '',
      at: placed(life, PLACE.collective, life.region),
    };
  }
  if (life.origin === 'migrant') return bookOf(life, PLACE.hukou, placed(life, PLACE.hukou, life.originRegion), head);
  const home = housing.dwelling;
  if (home?.use === 'residential' && atHome) return bookOf(life, PLACE.hukou, { region: home.region, addressCode: home.addressCode }, head);
  return bookOf(life, PLACE.hukou, placed(life, PLACE.hukou, life.region), head);
}

/** Since when the parents are on that book. */
function drawSince(life: Life, housing: Housing, draws: Draws, arrangement: Arrangement, own: Book): number {
  const married = life.marriedOn ?? life.eldestDay - 300;
  const later = draws.int(5, 320);
  if (arrangement === 'grandparents-book') return married + later;
  if (life.origin === 'moved-in') return life.arrivedOn;
  const home = housing.dwelling;
  if (home && home.addressCode === own.at.addressCode) return Math.max(fromDay(home.happenedOn) + later, married);
  return married + later;
}

interface ParentsOnBooks {
  readonly life: Life;
  readonly draws: Draws;
  readonly page: AddPage;
  readonly own: Book;
  readonly since: number;
  readonly arrangement: Arrangement;
  readonly paternal: Book;
  readonly maternal: Book;
  readonly onPaternal: boolean;
}

function addParents({ life, draws, page, own, since, arrangement, paternal, maternal, onPaternal }: ParentsOnBooks): void {
  const { family, father, mother } = life;
  for (const parent of family.guardians) {
    const second = parent !== guardianOf(family);
    const born = fromDay(parent.birthDate) + draws.int(10, 90);
    const parental = parent === father ? paternal : maternal;
    const apart = second && (family.union === 'divorced' || draws.chance(0.13));
    const withOwnParents = arrangement === 'grandparents-book' && (parent === father) === onPaternal;
    if (withOwnParents && !apart) {
      page(parent, own, childRelation(parent), born, 'birth');
      continue;
    }
    page(parent, parental, parental.headIdNumber === parent.idNumber ? 'head' : childRelation(parent), born, 'birth');
    if (apart) {
      if (family.union !== 'divorced') continue;
      // Half of those who part are registered elsewhere afterwards.
      const region = draws.chance(0.6) ? own.at.region : draws.chance(0.5) ? draws.pick(neighboursOf(life.region)) : parental.at.region;
      const at = placed(life, PLACE.otherParent, region);
      page(parent, bookOf(life, PLACE.otherParent, at, parent), 'head', (life.divorcedOn ?? STORY_END) + draws.int(5, 200), 'moved-in');
      continue;
    }
    const head = parent.idNumber === own.headIdNumber;
    const relation =
      arrangement === 'grandparents-book' ? (parent === mother ? 'daughter-in-law' : 'son-in-law') : head ? 'head' : 'spouse';
    const byMarriage = parent === mother && life.marriedOn !== undefined && arrangement !== 'collective-book' && life.origin !== 'moved-in';
    const reason = byMarriage ? 'marriage' : 'moved-in';
    page(parent, own, relation, Math.max(since, born + 1), reason);
  }
}

const childRelation = (person: Person): RelationToHead => (person.sex === 'male' ? 'son' : 'daughter');

/** Where a child was registered before the family moved to its present book. */
function earlierBook(life: Life, paternal: Book, arrangement: Arrangement): Book {
  if (arrangement !== 'own-book' || life.origin === 'moved-in') {
    return bookOf(life, PLACE.earlierHukou, placed(life, PLACE.earlierHukou, life.originRegion), life.father ?? guardianOf(life.family));
  }
  if (life.paternalGrandparents.length > 0) return paternal;
  return bookOf(life, PLACE.earlierHukou, placed(life, PLACE.earlierHukou, life.originRegion), life.father ?? guardianOf(life.family));
}

interface ChildOnBooks {
  readonly life: Life;
  readonly draws: Draws;
  readonly page: AddPage;
  readonly child: Person;
  /** Books that the family was on in turn, and from when. */
  readonly stays: readonly (readonly [Book, number])[];
}

/** A child is registered at birth where the family is then, and moves with it. */
function addChild({ life, draws, page, child, stays }: ChildOnBooks): void {
  const relationOn = (book: Book): RelationToHead => {
    const ofGrandparent = life.family.grandparents.some(({ idNumber }) => idNumber === book.headIdNumber);
    if (child.sex === 'male') return ofGrandparent ? 'grandson' : 'son';
    return ofGrandparent ? 'granddaughter' : 'daughter';
  };
  const [soonest, latest] = draws.chance(LATE_BIRTH_SHARE) ? LATE_BIRTH_REPORTED : BIRTH_REPORTED;
  const reportedOn = fromDay(child.birthDate) + draws.int(soonest, latest);
  const first = stays.findLastIndex(([, since]) => since <= reportedOn);
  for (const [at, [book, since]] of stays.entries()) {
    if (at === first) page(child, book, relationOn(book), reportedOn, 'birth');
    // Some children follow their parents onto a book months later.
    if (at > first) page(child, book, relationOn(book), since + (draws.chance(0.85) ? 0 : draws.int(20, 400)), 'moved-in');
  }
}

/** Old pages without an ID number: a few people's only page, and a few namesakes'. */
function makeUnnumbered(life: Life, draws: Draws, pages: Map<string, HouseholdPage[]>, guardian: Person): Map<string, HouseholdPage[]> {
  const unnumbered = new Map<string, HouseholdPage[]>();
  for (const person of life.family.people) {
    const old = life.family.grandparents.includes(person);
    const list = pages.get(person.idNumber);
    if (list && draws.chance(old ? 0.006 : 0.0025)) {
      unnumbered.set(person.idNumber, list);
      pages.delete(person.idNumber);
    }
  }
  if (draws.chance(0.002) && pages.has(guardian.idNumber)) {
    const at = placed(life, PLACE.namesake, life.region);
    const namesake: HouseholdPage = {
      bookId: `合成HK${at.region}${digitsOf(life.world, life.index, PLACE.namesake)}`,
      bookType: 'family',
      headName: guardian.name,
      relationToHead: 'head',
      ...at,
      reason: 'moved-in',
      movedOutOn: undefined,
      happenedOn: '1997-07-01',
      recordedOn: '1997-07-02',
    };
    unnumbered.set(guardian.idNumber, [namesake]);
  }
  return unnumbered;
}
