import type { DeedTax, Home, HomeUse, Owner, Person, PersonRef, PresaleFiling } from '../family.js';
import { toDay } from './calendar.js';
import type { Draws } from './draws.js';
import { type Address, recordedAfter } from './world.js';

// Pieces that a family's housing story is put together from. Days are day numbers.

/** Who owns what. */
export interface Holding {
  readonly ownership: Home['ownership'];
  readonly owners: readonly Owner[];
}

/** What a title is made of. */
export interface TitlePlan {
  readonly at: Address;
  readonly use: HomeUse;
  readonly acquired: Home['acquired'];
  readonly holding: Holding;
  readonly registeredOn: number;
  readonly transferredOn?: number | undefined;
}

/** A title with what came with it. */
export interface Acquisition {
  readonly home: Home;
  readonly deedTax: DeedTax | undefined;
  readonly presale: PresaleFiling | undefined;
}

export const refOf = ({ idNumber, name }: Person): PersonRef => ({ idNumber, name });

/** One owner has all. */
export const sole = (person: Person): Holding => ({ ownership: 'sole', owners: [{ owner: refOf(person), share: 100 }] });

/** Joint ownership without percentages. */
export const joint = (...people: Person[]): Holding => ({
  ownership: 'joint',
  owners: people.map((person) => ({ owner: refOf(person), share: undefined })),
});

/** Ownership by shares, in hundredths. */
export const shares = (...entries: readonly (readonly [Person, number])[]): Holding => ({
  ownership: 'shares',
  owners: entries.map(([person, share]) => ({ owner: refOf(person), share })),
});

const AREAS: Readonly<Record<HomeUse, readonly [number, number]>> = {
  residential: [48, 165],
  garage: [14, 32],
  shop: [20, 90],
  'commercial-flat': [32, 70],
};

const LARGEST_FORMER_PUBLIC = 90;

/** Number of the real estate unit at an address; the same in title, filing and deed tax. */
function homeIdOf({ region, addressCode }: Address): string {
  const digits = addressCode.slice(6);
  return `${region}${digits.slice(0, 6)}GB${digits.slice(6, 11)}F${digits.slice(4)}`;
}

/** A title and, if it was bought, its deed tax; new-builds had a pre-sale filing years before. */
export function acquire(draws: Draws, plan: TitlePlan): Acquisition {
  const { at, use, acquired, holding, registeredOn } = plan;
  const homeId = homeIdOf(at);
  const [smallest, largest] = AREAS[use];
  const bought = acquired === 'new-build' || acquired === 'second-hand';
  const recorded = recordedAfter(draws, registeredOn, [1, 1]);
  const home: Home = {
    homeId,
    titleNumber: `合成(${toDay(registeredOn).slice(0, 4)})${at.addressCode.slice(0, 4)}-${at.addressCode.slice(6)}`,
    ...at,
    use,
    area: draws.int(smallest, acquired === 'former-public' ? LARGEST_FORMER_PUBLIC : largest),
    acquired,
    ...holding,
    mortgaged: draws.chance(bought ? 0.42 : 0.02),
    handedOverOn: toDay(registeredOn),
    transferredOn: plan.transferredOn === undefined ? undefined : toDay(plan.transferredOn),
    happenedOn: toDay(registeredOn),
    recordedOn: toDay(recorded),
  };
  const buyers = holding.owners.map(({ owner }) => owner);
  // A title is registered only once the tax is paid.
  const paidOn = registeredOn - draws.int(0, acquired === 'new-build' ? 90 : 14);
  return {
    home,
    deedTax: bought ? deedTaxOf(draws, { at, buyers, dueOn: Math.min(paidOn, registeredOn), paidOn }) : undefined,
    presale:
      acquired === 'new-build'
        ? presaleOf(draws, { at, use, buyers, signedOn: registeredOn - draws.int(380, 1250), state: 'fulfilled' })
        : undefined,
  };
}

/** A deed tax, paid or not. */
export function deedTaxOf(
  draws: Draws,
  tax: { at: Address; buyers: readonly PersonRef[]; dueOn: number; paidOn: number | undefined },
): DeedTax {
  const paid = tax.paidOn;
  return {
    homeId: homeIdOf(tax.at),
    ...tax.at,
    payers: tax.buyers,
    happenedOn: toDay(tax.dueOn),
    recordedOn: toDay(tax.dueOn + 1),
    paidOn: paid === undefined ? undefined : toDay(paid),
    paymentRecordedOn: paid === undefined ? undefined : toDay(recordedAfter(draws, paid, [1, 1])),
    receiptNumber: paid === undefined ? undefined : `合成${toDay(paid).slice(0, 4)}${tax.at.addressCode}`,
  };
}

/** A filing of a pre-sale contract. */
export function presaleOf(
  draws: Draws,
  presale: { at: Address; use: HomeUse; buyers: readonly PersonRef[]; signedOn: number; state: PresaleFiling['state'] },
): PresaleFiling {
  const filedOn = presale.signedOn + draws.int(0, 12);
  return {
    contractNumber: `合成YS${toDay(presale.signedOn).slice(0, 4)}${presale.at.addressCode}`,
    homeId: homeIdOf(presale.at),
    ...presale.at,
    use: presale.use,
    buyers: presale.buyers,
    signedOn: toDay(presale.signedOn),
    preNoticeOn: undefined,
    handedOverOn: undefined,
    state: presale.state,
    happenedOn: toDay(filedOn),
    // Net-signing is seen the same day.
    recordedOn: toDay(recordedAfter(draws, filedOn, [0, 0], 0.01)),
  };
}
