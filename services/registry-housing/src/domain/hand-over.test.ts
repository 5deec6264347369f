import { expect, it } from 'vitest';
import { ruleOnHandOver } from './hand-over.js';
import type { PresaleContract } from './presale.js';
import type { Title } from './title.js';

const TODAY = '2026-09-29';
const addressCode = '370102001002003004';
const title = (over: Partial<Title> = {}): Title => ({
  addressCode,
  residential: true,
  registeredOn: '2026-09-10',
  handedOverOn: '2026-08-31',
  transferredOn: undefined,
  owners: [],
  ...over,
});
const contract = (over: Partial<PresaleContract> = {}): PresaleContract => ({
  addressCode,
  residential: true,
  filedOn: '2024-08-31',
  preNoticeOn: undefined,
  handedOverOn: '2026-08-31',
  cancelled: false,
  ...over,
});
const rule = (titles: Title[], presales: PresaleContract[], over = {}) =>
  ruleOnHandOver({ titles, presales }, { region: '370102', handedOverBefore: '2026-08-31', ...over }, TODAY);

it('handed-over counts the day itself, by title or by contract', () => {
  for (const [titles, presales] of [
    [[title()], []],
    [[], [contract()]],
  ] as const) {
    expect(rule([...titles], [...presales])).toEqual({ outcome: 'confirmed', disclosures: { since: '2026-08-31' } });
    expect(rule([...titles], [...presales], { handedOverBefore: '2026-08-30' })).toEqual({ outcome: 'refuted' });
  }
});

it('handed-over leaves out what is built still, cancelled, elsewhere, no home or sold', () => {
  for (const over of [{ handedOverOn: undefined }, { cancelled: true }, { residential: false }, { addressCode: '370103001002003004' }]) {
    expect(rule([], [contract(over)]).outcome).toBe('refuted');
  }
  expect(rule([title({ transferredOn: TODAY })], [contract()]).outcome).toBe('refuted');
  expect(rule([], []).outcome).toBe('refuted');
});
