import type { DeedTax, Home, HomeUse, Person, PresaleFiling, PublicRental, RegisteredLease, ResettlementAgreement } from '../family.js';
import { handOverOf, makeResettlements, withBuilding } from './building.js';
import { fromDay } from './calendar.js';
import { farCounties, neighboursOf } from './counties.js';
import { Draws, PART } from './draws.js';
import { guardianOf, type Life } from './life.js';
import { makeLeases, makePublicRentals } from './rentals.js';
import { type Acquisition, acquire, deedTaxOf, type Holding, joint, presaleOf, refOf, shares, sole, type TitlePlan } from './titles.js';
import { type Address, addressOf, PLACE, type Place, STORY_END } from './world.js';

/** All that a family owns, has bought, and rents. */
export interface Housing {
  readonly homes: readonly Home[];
  /** Old titles without an ID number, by the ID number of whom they may belong to. */
  readonly unnumberedHomes: readonly { readonly idNumber: string; readonly home: Home }[];
  readonly presales: readonly PresaleFiling[];
  readonly resettlements: readonly ResettlementAgreement[];
  readonly deedTaxes: readonly DeedTax[];
  readonly leases: readonly RegisteredLease[];
  readonly publicRentals: readonly PublicRental[];
  /** Title of the home where the family lives, if it is its own. */
  readonly dwelling: Home | undefined;
  /** Where the paternal and maternal grandparents live. */
  readonly paternalAddress: Address;
  readonly maternalAddress: Address;
}

const YEAR = 365;
const EARLIEST = fromDay('2008-01-01');
const SECOND_HOME: Readonly<Record<Life['setting'], number>> = { 'big-city': 0.44, district: 0.38, town: 0.3, rural: 0.18 };

/** A family's housing story. */
export function makeHousing(life: Life): Housing {
  const draws = new Draws(life.world.seed, life.index, PART.homes);
  const acquisitions: Acquisition[] = [];
  const presales: PresaleFiling[] = [];
  const deedTaxes: DeedTax[] = [];
  const add = (plan: TitlePlan): Home => {
    const acquisition = acquire(draws, plan);
    acquisitions.push(acquisition);
    return acquisition.home;
  };

  const dwelling = life.dwelling === 'owned' ? addDwelling(life, draws, add) : undefined;
  if (life.dwelling === 'presale') addPresale(life, draws, presales, deedTaxes);
  if (draws.chance(0.01)) {
    const at = place(life, PLACE.cancelled, life.region);
    presales.push(
      presaleOf(draws, {
        at,
        use: 'residential',
        buyers: [refOf(guardianOf(life.family))],
        signedOn: STORY_END - draws.int(100, 1500),
        state: 'cancelled',
      }),
    );
  }
  addFurther(life, draws, add);
  const unnumberedHomes: { idNumber: string; home: Home }[] = [];
  const paternalAddress = addGrandparents(
    life,
    draws,
    add,
    unnumberedHomes,
    life.paternalGrandparents,
    PLACE.paternal,
    life.paternalRegion,
  );
  const maternalAddress = addGrandparents(
    life,
    draws,
    add,
    unnumberedHomes,
    life.maternalGrandparents,
    PLACE.maternal,
    life.maternalRegion,
  );
  if (draws.chance(0.003)) unnumberedHomes.push(namesakeHome(life, draws));

  const numberless = new Set(unnumberedHomes.map(({ home }) => home.homeId));
  const kept = acquisitions.filter(({ home }) => !numberless.has(home.homeId));
  const contracts = [
    ...presales.map((presale) => withBuilding(life, presale, undefined)),
    ...kept.flatMap(({ presale, home }) => (presale ? [withBuilding(life, presale, home)] : [])),
  ];
  return {
    homes: kept
      .map(({ home }) => ({ ...home, handedOverOn: handOverOf(home, contracts) }))
      .sort((one, other) => (one.happenedOn < other.happenedOn ? 1 : -1)),
    unnumberedHomes,
    presales: contracts,
    resettlements: makeResettlements(life),
    deedTaxes: [...deedTaxes, ...kept.flatMap(({ deedTax }) => deedTax ?? [])],
    leases: life.dwelling === 'rented' ? makeLeases(life, draws) : [],
    publicRentals: life.dwelling === 'public-rental' ? makePublicRentals(life, draws) : [],
    dwelling,
    paternalAddress,
    maternalAddress,
  };
}

const place = (life: Life, at: Place, region: string): Address => addressOf(life.world, life.index, at, region);

type Add = (plan: TitlePlan) => Home;

/** Day on which a home was registered: recently more often, not before the owners were grown up and, for migrants, about when they came. */
function drawRegisteredOn(life: Life, draws: Draws, longestYears: number): number {
  const eldestOwner = Math.min(...life.family.guardians.map(({ birthDate }) => fromDay(birthDate)));
  const earliest = Math.max(EARLIEST, eldestOwner + 22 * YEAR, life.origin === 'migrant' ? life.arrivedOn - YEAR : 0);
  return Math.max(Math.min(earliest, STORY_END - 20), STORY_END - 5 - Math.round(YEAR * longestYears * draws.next() ** 1.3));
}

function drawAcquired(life: Life, draws: Draws): Home['acquired'] {
  const rural = life.origin === 'native' ? { 'big-city': 0, district: 0.08, town: 0.25, rural: 0.5 }[life.setting] : 0;
  return draws.weighted([
    ['self-built', rural] as const,
    ['new-build', 0.57 * (1 - rural)] as const,
    ['second-hand', 0.43 * (1 - rural)] as const,
  ]);
}

/** Who owns the home that the parents live in. */
function drawHolding(life: Life, draws: Draws): Holding {
  const first = guardianOf(life.family);
  const second = life.family.guardians[1];
  const elder = life.paternalGrandparents[0] ?? life.maternalGrandparents[0];
  const pattern = draws.next();
  if (!second || life.family.union === 'divorced') {
    if (second && pattern < 0.12) return shares([first, 50], [second, 50]);
    if (second && pattern < 0.3) return sole(second);
    return elder && pattern > 0.93 ? shares([first, 50], [elder, 50]) : sole(first);
  }
  if (pattern < 0.38) return sole(draws.chance(0.62) ? (life.father ?? first) : (life.mother ?? first));
  if (pattern < 0.76) return joint(first, second);
  const [one, other] = draws.chance(0.7) ? [life.father ?? first, life.mother ?? second] : [life.mother ?? second, life.father ?? first];
  if (pattern < 0.91) {
    const share = draws.weighted([
      [50, 5] as const,
      [51, 1] as const,
      [60, 1.5] as const,
      [70, 1.2] as const,
      [80, 0.7] as const,
      [99, 1] as const,
    ]);
    return shares([one, share], [other, 100 - share]);
  }
  if (pattern < 0.965 && elder) {
    const share = draws.weighted([[50, 3] as const, [49, 1] as const, [51, 1.5] as const, [60, 1.5] as const, [30, 1] as const]);
    return shares([one, share], [elder, 100 - share]);
  }
  if (pattern < 0.985) {
    const share = draws.pick([10, 20, 34]);
    return shares([one, 50 - Math.floor(share / 2)], [other, 50 - Math.ceil(share / 2)], [life.family.child, share]);
  }
  return sole(life.family.child);
}

function addDwelling(life: Life, draws: Draws, add: Add): Home {
  const at = place(life, PLACE.dwelling, life.region);
  const use = draws.weighted<HomeUse>([
    ['residential', 0.965],
    ['commercial-flat', 0.029],
    ['shop', 0.006],
  ]);
  const holding = drawHolding(life, draws);
  let registeredOn = drawRegisteredOn(life, draws, 14);
  const { father, mother, divorcedOn } = life;
  // A third of divorced families divided the home: the joint title ended, and one parent has a new one since.
  if (divorcedOn !== undefined && father && mother && draws.chance(0.35)) {
    const bought = Math.max(EARLIEST, divorcedOn - draws.int(400, 3500));
    const acquired = drawAcquired(life, draws);
    add({ at, use, acquired, holding: joint(father, mother), registeredOn: bought, transferredOn: divorcedOn });
    return add({
      at,
      use,
      acquired: 'divided',
      holding: sole(life.family.guardians[draws.chance(0.65) ? 0 : 1] as Person),
      registeredOn: divorcedOn,
    });
  }
  const child = holding.owners.some(({ owner }) => owner.idNumber === life.family.child.idNumber);
  if (child) registeredOn = Math.max(registeredOn, Math.min(life.childDay + 60, STORY_END - 6));
  return add({ at, use, acquired: drawAcquired(life, draws), holding, registeredOn });
}

/** Bought before it is built: contract filed, no title yet, deed tax paid by a third. */
function addPresale(life: Life, draws: Draws, presales: PresaleFiling[], deedTaxes: DeedTax[]): void {
  const at = place(life, PLACE.dwelling, life.region);
  const buyers = (draws.chance(0.6) ? life.family.guardians : [guardianOf(life.family)]).map(refOf);
  const signedOn = STORY_END - draws.int(25, 1000);
  presales.push(presaleOf(draws, { at, use: 'residential', buyers, signedOn, state: 'filed' }));
  const paidOn = draws.chance(0.35) ? Math.min(signedOn + draws.int(5, 220), STORY_END - 3) : undefined;
  deedTaxes.push(deedTaxOf(draws, { at, buyers, dueOn: signedOn, paidOn }));
}

/** Second homes, garages and shops; homes sold; homes of those who rent here. */
function addFurther(life: Life, draws: Draws, add: Add): void {
  const owner = draws.chance(0.55) ? (life.father ?? guardianOf(life.family)) : (life.mother ?? guardianOf(life.family));
  const where = draws.next();
  const elsewhere = where < 0.35 ? draws.pick(neighboursOf(life.region)) : draws.pick(farCounties(life.region));
  if (life.ownsElsewhere) {
    add({
      at: place(life, PLACE.secondHome, life.origin === 'native' ? draws.pick(neighboursOf(life.region)) : elsewhere),
      use: 'residential',
      acquired: 'new-build',
      holding: sole(owner),
      registeredOn: drawRegisteredOn(life, draws, 12),
    });
  } else if (draws.chance(life.dwelling === 'owned' ? SECOND_HOME[life.setting] : 0.05)) {
    const use = draws.weighted<HomeUse>([
      ['residential', life.dwelling === 'owned' ? 0.58 : 0],
      ['garage', 0.22],
      ['shop', 0.1],
      ['commercial-flat', 0.1],
    ]);
    add({
      at: place(life, PLACE.secondHome, use === 'garage' || draws.chance(0.55) ? life.region : elsewhere),
      use,
      acquired: draws.chance(0.7) ? 'new-build' : 'second-hand',
      holding: sole(owner),
      registeredOn: drawRegisteredOn(life, draws, 9),
    });
  }
  if (draws.chance(0.09)) {
    const transferredOn = STORY_END - draws.int(60, 2500);
    add({
      at: place(life, PLACE.soldHome, draws.chance(0.7) ? life.region : elsewhere),
      use: 'residential',
      acquired: 'second-hand',
      holding: sole(owner),
      registeredOn: Math.max(EARLIEST, transferredOn - draws.int(400, 3000)),
      transferredOn,
    });
  }
}

/** The home of one pair of grandparents. Of old titles a few lack the ID number. Returns where they live. */
function addGrandparents(
  life: Life,
  draws: Draws,
  add: Add,
  unnumbered: { idNumber: string; home: Home }[],
  pair: readonly Person[],
  at: typeof PLACE.paternal | typeof PLACE.maternal,
  region: string,
): Address {
  const address = place(life, at, region);
  const [first, second] = pair;
  const hosts = life.dwelling === 'grandparents' && region === life.region;
  const owns = draws.chance(hosts ? 0.97 : 0.82);
  const old = draws.chance(0.3);
  if (!first || !owns) return address;
  const rural = life.setting === 'rural' || life.setting === 'town';
  const home = add({
    at: address,
    use: 'residential',
    acquired: draws.weighted([
      ['self-built', rural ? 6 : 1.5] as const,
      ['former-public', rural ? 0.5 : 3] as const,
      ['second-hand', 3] as const,
      ['new-build', 1.5] as const,
    ]),
    holding: second && draws.chance(0.4) ? joint(first, second) : sole(second && draws.chance(0.15) ? second : first),
    registeredOn: old ? fromDay('1994-01-01') + draws.int(0, 2500) : fromDay('2001-01-01') + draws.int(0, 9000),
  });
  if (old && home.ownership === 'sole' && draws.chance(0.025)) {
    const owner = pair.find(({ idNumber }) => idNumber === home.owners[0]?.owner.idNumber) as Person;
    unnumbered.push({ idNumber: owner.idNumber, home: withoutNumber(home) });
  }
  return address;
}

/** An old title of somebody else who bears a parent's name. */
function namesakeHome(life: Life, draws: Draws): { idNumber: string; home: Home } {
  const person = guardianOf(life.family);
  const plan: TitlePlan = {
    at: place(life, PLACE.namesake, life.region),
    use: 'residential',
    acquired: 'former-public',
    holding: sole(person),
    registeredOn: fromDay('1994-01-01') + draws.int(0, 2500),
  };
  return { idNumber: person.idNumber, home: withoutNumber(acquire(draws, plan).home) };
}

const withoutNumber = (home: Home): Home => ({
  ...home,
  owners: home.owners.map(({ owner, share }) => ({ owner: { idNumber: '', name: owner.name }, share })),
});
