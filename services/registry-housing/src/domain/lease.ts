import { type Day, firstDayLasting, fullMonths, monthsBefore, unbrokenSince } from '@vouch/adapter-sdk/calendar';

/** A lease on file (租赁备案), or the contract of a public rental (公租房), with a person as tenant. */
export interface Lease {
  readonly addressCode: string;
  /** Term, bounds inclusive. */
  readonly from: Day;
  readonly until: Day;
  readonly registeredOn: Day;
}

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
  const { region, registeredBefore, coversDate, minimumMonths = 0 } = wanted;
  const counting = leases.filter(
    (lease) => lease.addressCode.startsWith(region) && (registeredBefore === undefined || lease.registeredOn <= registeredBefore),
  );
  const since = unbrokenSince(counting, coversDate);
  const months = since === undefined ? undefined : { months: fullMonths(since, coversDate) };
  if (since !== undefined && months && since <= monthsBefore(coversDate, minimumMonths))
    return { outcome: 'confirmed', disclosures: months };
  const earliest = firstDayLasting(counting, { months: minimumMonths, after: coversDate, today });
  return {
    outcome: 'refuted',
    disclosures: { ...months, ...(earliest === undefined ? {} : { earliestIfUnchanged: earliest }) },
  };
}
