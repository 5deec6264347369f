import type { Day } from '@vouch/adapter-sdk/calendar';

/** An invoice for a home that a person bought (购房发票), alone or with others. */
export interface PurchaseInvoice {
  /** 18 digits; begins with the county's code. */
  readonly addressCode: string;
  readonly issuedOn: Day;
  /** Whether it is for the whole price, not for a down payment. */
  readonly full: boolean;
}

/** Whether there is an invoice as wanted, and since when. */
export type InvoiceRuling =
  | { readonly outcome: 'confirmed'; readonly disclosures: { readonly since: Day } }
  | { readonly outcome: 'refuted' };

/** Whether an invoice for a home in a region was issued by a day. */
export function ruleOnInvoice(
  invoices: readonly PurchaseInvoice[],
  wanted: { readonly region: string; readonly fullOnly: boolean; readonly issuedBefore?: Day },
): InvoiceRuling {
  const since = invoices
    .filter(({ addressCode, full }) => addressCode.startsWith(wanted.region) && (full || !wanted.fullOnly))
    .map(({ issuedOn }) => issuedOn)
    .filter((day) => wanted.issuedBefore === undefined || day <= wanted.issuedBefore)
    .sort()[0];
  return since === undefined ? { outcome: 'refuted' } : { outcome: 'confirmed', disclosures: { since } };
}
