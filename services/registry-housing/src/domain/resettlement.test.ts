import { expect, it } from 'vitest';
import { ruleOnResettlement } from './resettlement.js';

const agreements = [{ addressCode: '370102001002003004', newAddressCode: '370103009008007006', signedOn: '2025-08-31' }];

it('resettlement-agreement counts the day of signing itself', () => {
  expect(ruleOnResettlement(agreements, { region: '370102', home: 'old', signedBefore: '2025-08-31' })).toEqual({
    outcome: 'confirmed',
    disclosures: { since: '2025-08-31' },
  });
  expect(ruleOnResettlement(agreements, { region: '370102', home: 'old', signedBefore: '2025-08-30' })).toEqual({ outcome: 'refuted' });
});

it('resettlement-agreement keeps the old home and the new one apart', () => {
  const at = (region: string, home: 'old' | 'new') => ruleOnResettlement(agreements, { region, home }).outcome;
  expect([at('370102', 'old'), at('370103', 'old'), at('370103', 'new'), at('370102', 'new')]).toEqual([
    'confirmed',
    'refuted',
    'confirmed',
    'refuted',
  ]);
});
