import { type Day, firstDayLasting, monthsLasted, type Period } from '@vouch/adapter-sdk/calendar';

/** A lease on file (租赁备案), or the contract of a public rental (公租房), with a person as tenant. */
export interface Lease {
  readonly addressCode: string;
  /** Term, bounds inclusive. */
  readonly from: Day;
  readonly until: Day;
  readonly registeredOn: Day;
  /** A public rental (公租房) rather than a lease on file. */
  readonly publicRental: boolean;
}

/** Which leases count: those on file, public rentals, or both. */
export const LEASE_KINDS = ['any', 'filed', 'public-rental'] as const;

/** What a lease must be like. */
export interface WantedLease {
  /** Region code, or the beginning of an address code. */
  readonly region: string;
  /** On file on or before this day. */
  readonly registeredBefore?: Day;
  /** Day within the term. */
  readonly coversDate: Day;
  /** Full months, unbroken, up to coversDate. */
  readonly minimumMonths?: number;
  readonly kind: (typeof LEASE_KINDS)[number];
  /** Whether a lease counts from its registration rather than from the first day of its term. */
  readonly fromRegistration: boolean;
  /** Whether the months must be at one address. */
  readonly sameAddress: boolean;
}

/** Whether leases are as wanted, for how many full months they had run, and from when they would be as wanted. */
export type LeaseRuling =
  | {
      readonly outcome: 'confirmed';
      readonly disclosures: { readonly months: number };
    }
  | {
      readonly outcome: 'refuted';
      readonly disclosures: {
        readonly months?: number;
        /** First `coversDate` that would do, if a lease that runs today goes on. */
        readonly earliestIfUnchanged?: Day;
      };
    };

/** Whether a lease covers a day, and whether leases that follow each other without a day's gap had run long enough by then. */
export function ruleOnLease(leases: readonly Lease[], wanted: WantedLease, today: Day): LeaseRuling {
  const { region, registeredBefore, coversDate, minimumMonths = 0, kind } = wanted;
  const counting = leases.filter(
    (lease) =>
      lease.addressCode.startsWith(region) &&
      (registeredBefore === undefined || lease.registeredOn <= registeredBefore) &&
      (kind === 'any' || lease.publicRental === (kind === 'public-rental')),
  );
  const runs = wanted.sameAddress ? byAddress(counting) : [counting];
  const terms = runs.map((run) => run.flatMap((lease) => termOf(lease, wanted.fromRegistration)));
  const months = terms.map((run) => monthsLasted(run, coversDate)).filter((count) => count !== undefined);
  const longest = months.length === 0 ? undefined : Math.max(...months);
  if (longest !== undefined && longest >= minimumMonths) return { outcome: 'confirmed', disclosures: { months: longest } };
  const earliest = terms
    .map((run) => firstDayLasting(run, { months: minimumMonths, after: coversDate, today }))
    .filter((day) => day !== undefined)
    .sort()[0];
  return {
    outcome: 'refuted',
    disclosures: {
      ...(longest === undefined ? {} : { months: longest }),
      ...(earliest === undefined ? {} : { earliestIfUnchanged: earliest }),
    },
  };
}

const byAddress = (leases: readonly Lease[]): Lease[][] =>
  [...new Set(leases.map(({ addressCode }) => addressCode))].map((address) => leases.filter(({ addressCode }) => addressCode === address));

/** The term as it counts; none when it was over before it was registered. */
function termOf({ from, until, registeredOn }: Lease, fromRegistration: boolean): Period[] {
  const counted = fromRegistration && registeredOn > from ? registeredOn : from;
  return counted <= until ? [{ from: counted, until }] : [];
}
