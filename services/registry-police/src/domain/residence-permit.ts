import { type Day, dayBefore, firstDayLasting, monthsLasted, type Period } from '@vouch/adapter-sdk/calendar';

/** A residence permit (居住证) and its periods of validity. A renewal in time goes on where the last period ended. */
export interface ResidencePermit {
  /** 18 digits; begins with the county that issued it. */
  readonly addressCode: string;
  readonly appliedOn: Day;
  /** Oldest first. */
  readonly periods: readonly Period[];
}

/** What a permit must be like. */
export interface WantedPermit {
  /** Region code, or the beginning of the address code. */
  readonly region: string;
  readonly validAt: Day;
  /** Full months up to validAt. */
  readonly continuousMonths?: number;
  /** Whether the months must be without a break; else all periods add up. */
  readonly consecutive: boolean;
  /** Whether the time from the application to the issue counts, too. */
  readonly fromApplication: boolean;
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

/** Whether permits of a region were valid on a day, and long enough by then: without a day's break, or added up. */
export function ruleOnPermit(permits: readonly ResidencePermit[], wanted: WantedPermit, today: Day): PermitRuling {
  const { region, validAt, continuousMonths = 0, consecutive, fromApplication } = wanted;
  const there = permits.filter(({ addressCode }) => addressCode.startsWith(region));
  const valid = there.flatMap(({ periods }) => periods);
  const counting = fromApplication ? [...valid, ...there.flatMap(waitOf)] : valid;
  // Waiting for a permit is no permit yet.
  const months = monthsLasted(valid, validAt) === undefined ? undefined : monthsLasted(counting, validAt, !consecutive);
  if (months !== undefined && months >= continuousMonths) return { outcome: 'confirmed', disclosures: { months } };
  const earliest = firstDayLasting(counting, { months: continuousMonths, after: validAt, today, addUp: !consecutive });
  return {
    outcome: 'refuted',
    disclosures: { ...(months === undefined ? {} : { months }), ...(earliest === undefined ? {} : { earliestIfUnchanged: earliest }) },
  };
}

/** The time from the application to the first validity. */
function waitOf({ appliedOn, periods: [first] }: ResidencePermit): Period[] {
  return first && appliedOn < first.from ? [{ from: appliedOn, until: dayBefore(first.from) }] : [];
}
