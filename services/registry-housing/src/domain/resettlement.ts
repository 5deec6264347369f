import type { Day } from '@vouch/adapter-sdk/calendar';

/** An agreement to be given a new home for one that is pulled down (拆迁安置协议). */
export interface Resettlement {
  /** Of the old home, 18 digits. */
  readonly addressCode: string;
  readonly newAddressCode: string;
  readonly signedOn: Day;
}

/** Whether there is an agreement, and since when. */
export type ResettlementRuling =
  | { readonly outcome: 'confirmed'; readonly disclosures: { readonly since: Day } }
  | { readonly outcome: 'refuted' };

/** Whether an agreement for a home in a region, the old one or the new one, was signed by a day. */
export function ruleOnResettlement(
  agreements: readonly Resettlement[],
  wanted: { readonly region: string; readonly home: 'old' | 'new'; readonly signedBefore?: Day },
): ResettlementRuling {
  const since = agreements
    .filter(({ addressCode, newAddressCode }) => (wanted.home === 'old' ? addressCode : newAddressCode).startsWith(wanted.region))
    .map(({ signedOn }) => signedOn)
    .filter((day) => wanted.signedBefore === undefined || day <= wanted.signedBefore)
    .sort()[0];
  return since === undefined ? { outcome: 'refuted' } : { outcome: 'confirmed', disclosures: { since } };
}
