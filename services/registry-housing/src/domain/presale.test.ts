import { expect, it } from 'vitest';
import { ruleOnPresale } from './presale.js';

const contract = {
  addressCode: '370102001002003004',
  residential: true,
  filedOn: '2026-08-31',
  preNoticeOn: undefined,
  handedOverOn: undefined,
  cancelled: false,
};

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

it('presale-contract counts the day of the pre-notice itself, when one is wanted', () => {
  const wanted = { region: '370102', filedBefore: '2026-08-31', preNoticeBefore: '2026-08-31' };
  const noticed = (preNoticeOn: string | undefined) => ruleOnPresale([{ ...contract, filedOn: '2026-06-01', preNoticeOn }], wanted).outcome;
  expect([noticed('2026-08-31'), noticed('2026-09-01'), noticed(undefined)]).toEqual(['confirmed', 'refuted', 'refuted']);
});
