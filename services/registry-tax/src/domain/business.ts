import { type Day, fullMonths, type Period } from '@vouch/adapter-sdk/calendar';

/** A business of which a person is the legal representative or the sole trader. Active, bounds inclusive. */
export interface Business extends Period {
  /** County where it is registered, 6 digits. */
  readonly region: string;
}

/** Whether a business is active as wanted, and for how many full months it had been. */
export type BusinessRuling =
  | {
      readonly outcome: 'confirmed';
      readonly disclosures: { readonly months: number };
    }
  | { readonly outcome: 'refuted' };

/** Whether a business in a region was active on a day; a day after the records end counts as their last. */
export function ruleOnBusiness(
  businesses: readonly Business[],
  wanted: { readonly region: string; readonly at: Day },
  completeTo: Day,
): BusinessRuling {
  const at = wanted.at < completeTo ? wanted.at : completeTo;
  const since = businesses
    .filter((business) => business.region.startsWith(wanted.region))
    .filter((business) => business.from <= at && (business.until === undefined || business.until >= at))
    .map((business) => business.from)
    .sort()[0];
  return since === undefined ? { outcome: 'refuted' } : { outcome: 'confirmed', disclosures: { months: fullMonths(since, at) } };
}
