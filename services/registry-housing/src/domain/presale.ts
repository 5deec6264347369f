import type { Day } from '@vouch/adapter-sdk/calendar';

/** A net-signed pre-sale contract (网签备案) for a home that is still being built. */
export interface PresaleContract {
  readonly addressCode: string;
  readonly residential: boolean;
  readonly filedOn: Day;
  readonly cancelled: boolean;
}

/** Whether a contract is as wanted, and since when it is on file. */
export type PresaleRuling =
  | {
      readonly outcome: 'confirmed';
      readonly disclosures: { readonly since: Day };
    }
  | { readonly outcome: 'refuted' };

/** Whether a contract for a home in a region was on file by a day and has not been cancelled; one fulfilled since still counts. */
export function ruleOnPresale(
  contracts: readonly PresaleContract[],
  wanted: { readonly region: string; readonly filedBefore: Day },
): PresaleRuling {
  const since = contracts
    .filter((contract) => contract.addressCode.startsWith(wanted.region) && contract.residential && !contract.cancelled)
    .map((contract) => contract.filedOn)
    .filter((filedOn) => filedOn <= wanted.filedBefore)
    .sort()[0];
  return since === undefined ? { outcome: 'refuted' } : { outcome: 'confirmed', disclosures: { since } };
}
