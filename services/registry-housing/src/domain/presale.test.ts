import { expect, it } from 'vitest';
import { ruleOnPresale } from './presale.js';

const contract = { addressCode: '370102001002003004', residential: true, filedOn: '2026-08-31', cancelled: false };

it('presale-contract counts the day of filing itself', () => {
  expect(ruleOnPresale([contract], { region: '3701', filedBefore: '2026-08-31' })).toEqual({
    outcome: 'confirmed',
    disclosures: { since: '2026-08-31' },
  });
  expect(ruleOnPresale([contract], { region: '3701', filedBefore: '2026-08-30' })).toEqual({ outcome: 'refuted' });
});

it('presale-contract leaves out what is cancelled, elsewhere or no home', () => {
  const wanted = { region: '370102', filedBefore: '2026-08-31' };
  for (const over of [{ cancelled: true }, { addressCode: '370103001002003004' }, { residential: false }]) {
    expect(ruleOnPresale([{ ...contract, ...over }], wanted).outcome).toBe('refuted');
  }
});
