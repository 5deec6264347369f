import type { Day, Home, Person, PresaleFiling, ResettlementAgreement } from '../family.js';
import { fromDay, toDay } from './calendar.js';
import { Draws, mix, PART } from './draws.js';
import { guardianOf, type Life } from './life.js';
import { refOf } from './titles.js';
import { addressOf, PLACE, recordedAfter, STORY_END } from './world.js';

// What happens between the contract and the title, and where old houses make room for new ones. Drawn apart from the titles, by address, so that
// those of a seed stay as they were.

const drawsOf = (life: Life, addressCode: string): Draws =>
  new Draws(life.world.seed, mix(life.index, Number(addressCode.slice(9)) % 2 ** 31), PART.building);

const EARLIEST_HAND_OVER = 240;
const NOTICED = 0.78;
const HANDED_OVER_UNTITLED = 0.35;
const RESETTLED = 0.015;

/** A contract with its pre-notice, and with the hand-over when the home is finished. */
export function withBuilding(life: Life, presale: PresaleFiling, home: Home | undefined): PresaleFiling {
  const draws = drawsOf(life, presale.addressCode);
  const filedOn = fromDay(presale.happenedOn);
  const noticed = draws.chance(NOTICED);
  const noticedOn = filedOn + draws.int(3, 90);
  const finished = home !== undefined || draws.chance(HANDED_OVER_UNTITLED);
  const latest = home === undefined ? STORY_END - 2 : fromDay(home.happenedOn) - 5;
  const earliest = Math.min(fromDay(presale.signedOn) + EARLIEST_HAND_OVER, latest);
  const handedOverOn = Math.max(earliest, latest - draws.int(0, 370));
  const standing = presale.state !== 'cancelled';
  return {
    ...presale,
    preNoticeOn: standing && noticed && noticedOn <= latest ? toDay(noticedOn) : undefined,
    handedOverOn: standing && finished && earliest < latest ? toDay(handedOverOn) : undefined,
  };
}

/** Day on which a titled home was handed over: a new-build by its contract, any other with the title. */
export const handOverOf = (home: Home, presales: readonly PresaleFiling[]): Day =>
  presales.find(({ homeId }) => homeId === home.homeId)?.handedOverOn ?? home.happenedOn;

/** A family's resettlement agreement, if its old house was pulled down. */
export function makeResettlements(life: Life): ResettlementAgreement[] {
  const draws = new Draws(life.world.seed, life.index, PART.building);
  if (life.origin === 'migrant' || !draws.chance(RESETTLED)) return [];
  const signedOn = STORY_END - draws.int(30, 1800);
  const old = addressOf(life.world, life.index, PLACE.pulledDown, life.region);
  const holders: readonly Person[] = draws.chance(0.5) ? life.family.guardians : [guardianOf(life.family)];
  return [
    {
      agreementNumber: `合成CQ${toDay(signedOn).slice(0, 4)}${old.addressCode}`,
      ...old,
      newAddressCode: addressOf(life.world, life.index, PLACE.resettled, life.region).addressCode,
      holders: holders.map(refOf),
      happenedOn: toDay(signedOn),
      recordedOn: toDay(recordedAfter(draws, signedOn, [1, 5])),
    },
  ];
}
