import type { PublicRental, RegisteredLease } from '../family.js';
import { toDay } from './calendar.js';
import type { Draws } from './draws.js';
import { guardianOf, type Life } from './life.js';
import { refOf } from './titles.js';
import { addressOf, PLACE, recordedAfter, STORY_END } from './world.js';

const TERM = 365;
const LONGEST_YEARS = 6;

/** A family's registered leases, newest first. Many rent without registering. */
export function makeLeases(life: Life, draws: Draws): RegisteredLease[] {
  const { family, region } = life;
  const registers = draws.chance(life.setting === 'rural' ? 0.35 : 0.62);
  const tenants = (draws.chance(0.35) ? family.guardians : [guardianOf(family)]).map(refOf);
  const start = Math.max(life.origin === 'native' ? 0 : life.arrivedOn, STORY_END - draws.int(60, LONGEST_YEARS * TERM));
  const movedOn = draws.chance(0.18) ? start + draws.int(300, 900) : Number.POSITIVE_INFINITY;
  const stoppedOn = draws.chance(0.1) ? STORY_END - draws.int(30, 400) : STORY_END;
  const term = draws.chance(0.85) ? TERM : 2 * TERM;
  if (!registers) return [];

  const leases: RegisteredLease[] = [];
  for (let from = start; from <= stoppedOn; from += term) {
    const gap = draws.chance(0.1) ? draws.int(15, 90) : 0;
    from += from === start ? 0 : gap;
    // Most register when they move in, some only when a school asks for it.
    const registeredOn = from + (draws.chance(0.8) ? draws.int(0, 20) : draws.int(30, 240));
    if (registeredOn > STORY_END) break;
    const at = addressOf(life.world, life.index, from < movedOn ? PLACE.rental : PLACE.earlierRental, region);
    leases.unshift({
      leaseNumber: `合成ZL${toDay(registeredOn).replaceAll('-', '')}${at.addressCode.slice(6)}`,
      ...at,
      tenants,
      from: toDay(from),
      until: toDay(from + term - 1),
      happenedOn: toDay(registeredOn),
      recordedOn: toDay(recordedAfter(draws, registeredOn, [0, 3])),
    });
  }
  return leases;
}

/** A family's public rental: contracts of three years. */
export function makePublicRentals(life: Life, draws: Draws): PublicRental[] {
  const from = Math.max(life.origin === 'native' ? 0 : life.arrivedOn, STORY_END - draws.int(60, 3 * TERM - 30));
  const at = addressOf(life.world, life.index, PLACE.rental, life.region);
  const signedOn = from - draws.int(0, 20);
  return [
    {
      contractNumber: `合成GZ${toDay(signedOn).slice(0, 4)}${at.addressCode}`,
      ...at,
      tenants: life.family.guardians.map(refOf),
      from: toDay(from),
      until: toDay(from + 3 * TERM - 1),
      happenedOn: toDay(signedOn),
      recordedOn: toDay(recordedAfter(draws, signedOn, [0, 3])),
    },
  ];
}
