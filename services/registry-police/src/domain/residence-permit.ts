import { type Day, fullMonths, monthsBefore, type Period, unbrokenSince } from '@vouch/adapter-sdk/calendar';

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

/** Whether a permit is as wanted, and for how many full months it had been valid. */
export type PermitRuling =
  | {
      readonly outcome: 'confirmed';
      readonly disclosures: { readonly months: number };
    }
  | {
      readonly outcome: 'refuted';
      readonly disclosures?: { readonly months: number };
    };

/** Whether permits of a region were valid on a day, and long enough before it without a day's break. */
export function ruleOnPermit(permits: readonly ResidencePermit[], wanted: WantedPermit): PermitRuling {
  const periods = permits.filter((permit) => permit.region.startsWith(wanted.region)).flatMap((permit) => permit.periods);
  const since = unbrokenSince(periods, wanted.validAt);
  if (since === undefined) return { outcome: 'refuted' };
  const longEnough = wanted.continuousMonths === undefined || since <= monthsBefore(wanted.validAt, wanted.continuousMonths);
  return {
    outcome: longEnough ? 'confirmed' : 'refuted',
    disclosures: { months: fullMonths(since, wanted.validAt) },
  };
}
