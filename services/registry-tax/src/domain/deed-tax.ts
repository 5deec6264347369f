import type { Day } from '@vouch/adapter-sdk/calendar';

/** Deed tax (契税) on a home that a person bought, alone or with others. */
export interface DeedTax {
  /** 18 digits; begins with the county's code. */
  readonly addressCode: string;
  /** Undefined while it is owed. */
  readonly paidOn: Day | undefined;
}

/** Whether deed tax is paid as wanted, and when it was. */
export type DeedTaxRuling =
  | {
      readonly outcome: 'confirmed';
      readonly disclosures: { readonly paid: Day };
    }
  | { readonly outcome: 'refuted' };

/** Whether the tax on a home in a region was paid by a day. */
export function ruleOnDeedTax(taxes: readonly DeedTax[], wanted: { readonly region: string; readonly paidBefore?: Day }): DeedTaxRuling {
  const paid = taxes
    .filter((tax) => tax.addressCode.startsWith(wanted.region))
    .map((tax) => tax.paidOn)
    .filter((paidOn) => paidOn !== undefined)
    .filter((paidOn) => wanted.paidBefore === undefined || paidOn <= wanted.paidBefore)
    .sort()[0];
  return paid === undefined ? { outcome: 'refuted' } : { outcome: 'confirmed', disclosures: { paid } };
}
