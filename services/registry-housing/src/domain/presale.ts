import type { Day } from '@vouch/adapter-sdk/calendar';

/** A net-signed pre-sale contract (网签备案) for a home that is still being built. */
export interface PresaleContract {
  readonly addressCode: string;
  readonly residential: boolean;
  readonly filedOn: Day;
  /** Day of the pre-notice registration (预告登记); undefined while there is none. */
  readonly preNoticeOn: Day | undefined;
  /** Day on which the finished home was handed over; undefined while it is built. */
  readonly handedOverOn: Day | undefined;
  readonly cancelled: boolean;
}

/** Whether a contract is as wanted, and since when it is on file. */
export type PresaleRuling =
  | {
      readonly outcome: 'confirmed';
      readonly disclosures: { readonly since: Day };
    }
  | { readonly outcome: 'refuted' };

/** Whether a contract for a home in a region was on file by a day, with a pre-notice if one is wanted, and has not been cancelled; one fulfilled since still counts. */
export function ruleOnPresale(
  contracts: readonly PresaleContract[],
  wanted: { readonly region: string; readonly filedBefore: Day; readonly preNoticeBefore?: Day },
): PresaleRuling {
  const since = contracts
    .filter((contract) => contract.addressCode.startsWith(wanted.region) && contract.residential && !contract.cancelled)
    .filter(
      ({ preNoticeOn }) => wanted.preNoticeBefore === undefined || (preNoticeOn !== undefined && preNoticeOn <= wanted.preNoticeBefore),
    )
    .map((contract) => contract.filedOn)
    .filter((filedOn) => filedOn <= wanted.filedBefore)
    .sort()[0];
  return since === undefined ? { outcome: 'refuted' } : { outcome: 'confirmed', disclosures: { since } };
}
