import { type Day, firstDayLasting, monthsLasted, type Period, unbrokenSince } from '@vouch/adapter-sdk/calendar';

/** Tax paid on the rent of a home (个人出租房屋税), on a receipt that names a person as tenant. */
export interface RentalTax {
  /** 18 digits; begins with the county's code. */
  readonly addressCode: string;
  /** Time that it is paid for, bounds inclusive. */
  readonly from: Day;
  readonly until: Day;
  readonly paidOn: Day;
}

/** What must be paid. */
export interface WantedRentalTax {
  /** Region code, or the beginning of an address code. */
  readonly region: string;
  /** Day in the time that is paid for. */
  readonly coversDate: Day;
  /** Full months, unbroken, up to that day. */
  readonly minimumMonths?: number;
  /** Whether time counts from the day of payment rather than from the first day that is paid for. */
  readonly fromPayment: boolean;
}

/** Whether it is paid as wanted, since when and for how many full months, and from when it would be. */
export interface RentalTaxRuling {
  readonly outcome: 'confirmed' | 'refuted';
  readonly disclosures: {
    readonly months?: number;
    /** First day of the unbroken time; told when confirmed. */
    readonly since?: Day;
    /** First `coversDate` that would do, if it goes on being paid in time. */
    readonly earliestIfUnchanged?: Day;
  };
}

/** Whether tax on the rent of a home in a region was paid for a day, and for long enough before it without a day's gap. */
export function ruleOnRentalTax(taxes: readonly RentalTax[], wanted: WantedRentalTax, today: Day): RentalTaxRuling {
  const { region, coversDate, minimumMonths = 0, fromPayment } = wanted;
  const times = taxes
    .filter(({ addressCode }) => addressCode.startsWith(region))
    .flatMap(({ from, until, paidOn }): Period[] => {
      const counted = fromPayment && paidOn > from ? paidOn : from;
      return counted <= until ? [{ from: counted, until }] : [];
    });
  const since = unbrokenSince(times, coversDate);
  const months = monthsLasted(times, coversDate);
  if (since !== undefined && months !== undefined && months >= minimumMonths) {
    return { outcome: 'confirmed', disclosures: { months, since } };
  }
  const earliest = firstDayLasting(times, { months: minimumMonths, after: coversDate, today });
  return {
    outcome: 'refuted',
    disclosures: { ...(months === undefined ? {} : { months }), ...(earliest === undefined ? {} : { earliestIfUnchanged: earliest }) },
  };
}
