import { type Day, firstDayLasting, fullMonths, monthsBefore, type Period, unbrokenSince } from '@vouch/adapter-sdk/calendar';

/** A residence permit (居住证) and its periods of validity. A renewal in time goes on where the last period ended. */
export interface ResidencePermit {
  /** County that issued it, 6 digits. */
  readonly region: string;
  readonly periods: readonly Period[];
}

/** What a permit must be like. */
export interface WantedPermit {
  readonly region: string;
  readonly validAt: Day;
  /** Full months, unbroken, up to validAt. */
  readonly continuousMonths?: number;
}

/** Whether a permit is as wanted, for how many full months it had been valid, and from when it would be as wanted. */
export type PermitRuling =
  | {
      readonly outcome: 'confirmed';
      readonly disclosures: { readonly months: number };
    }
  | {
      readonly outcome: 'refuted';
      readonly disclosures: {
        readonly months?: number;
        /** First `validAt` that would do, if a permit that is valid today is renewed in time. */
        readonly earliestIfUnchanged?: Day;
      };
    };

/** Whether permits of a region were valid on a day, and long enough before it without a day's break. */
export function ruleOnPermit(permits: readonly ResidencePermit[], wanted: WantedPermit, today: Day): PermitRuling {
  const { region, validAt, continuousMonths = 0 } = wanted;
  const periods = permits.filter((permit) => permit.region.startsWith(region)).flatMap((permit) => permit.periods);
  const since = unbrokenSince(periods, validAt);
  const months = since === undefined ? undefined : { months: fullMonths(since, validAt) };
  if (since !== undefined && months && since <= monthsBefore(validAt, continuousMonths))
    return { outcome: 'confirmed', disclosures: months };
  const earliest = firstDayLasting(periods, { months: continuousMonths, after: validAt, today });
  return {
    outcome: 'refuted',
    disclosures: { ...months, ...(earliest === undefined ? {} : { earliestIfUnchanged: earliest }) },
  };
}
