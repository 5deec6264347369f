import { expect, it } from 'vitest';
import { ruleOnInvoice } from './invoice.js';

const invoice = { addressCode: '370211001002003004', issuedOn: '2026-08-31', full: true };

it('purchase-invoice counts the day of issue itself', () => {
  expect(ruleOnInvoice([invoice], { region: '370211', fullOnly: true, issuedBefore: '2026-08-31' })).toEqual({
    outcome: 'confirmed',
    disclosures: { since: '2026-08-31' },
  });
  expect(ruleOnInvoice([invoice], { region: '370211', fullOnly: true, issuedBefore: '2026-08-30' })).toEqual({ outcome: 'refuted' });
});

it('purchase-invoice wants the whole price unless told otherwise, of a home there', () => {
  const part = [{ ...invoice, full: false }];
  expect(ruleOnInvoice(part, { region: '370211', fullOnly: true }).outcome).toBe('refuted');
  expect(ruleOnInvoice(part, { region: '370211', fullOnly: false }).outcome).toBe('confirmed');
  expect(ruleOnInvoice([invoice], { region: '370212', fullOnly: true }).outcome).toBe('refuted');
});
