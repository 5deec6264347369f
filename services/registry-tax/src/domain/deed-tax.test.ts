import { expect, it } from 'vitest';
import { ruleOnDeedTax } from './deed-tax.js';

const tax = (paidOn: string | undefined, addressCode = '370102001002003004') => ({ addressCode, paidOn });

it('deed-tax-paid counts the day of payment itself', () => {
  expect(ruleOnDeedTax([tax('2026-08-31')], { region: '370102', paidBefore: '2026-08-31' })).toEqual({
    outcome: 'confirmed',
    disclosures: { paid: '2026-08-31' },
  });
  expect(ruleOnDeedTax([tax('2026-08-31')], { region: '370102', paidBefore: '2026-08-30' })).toEqual({ outcome: 'refuted' });
});

it('deed-tax-paid wants a payment, for a home there', () => {
  expect(ruleOnDeedTax([tax(undefined)], { region: '370102' }).outcome).toBe('refuted');
  expect(ruleOnDeedTax([tax('2020-01-01')], { region: '370102001' }).outcome).toBe('confirmed');
  expect(ruleOnDeedTax([tax('2020-01-01')], { region: '370202' }).outcome).toBe('refuted');
  expect(ruleOnDeedTax([], { region: '37' }).outcome).toBe('refuted');
});
