import type { Guardianship, Person } from '../family.js';
import { fromDay, toDay } from './calendar.js';
import { Draws, mix, PART } from './draws.js';
import { guardianOf, type Life } from './life.js';
import { refOf } from './titles.js';
import { recordedAfter, STORY_END } from './world.js';

const ADULT_AGE = 18;
/** Share of one-parent families where a court took guardianship from the parent and appointed a grandparent. */
const COURT_SHARE = 0.05;

/** Guardians of all the family's children under 18: both parents, whatever became of the marriage. */
export function makeGuardianships(life: Life): Guardianship[] {
  const { family } = life;
  const draws = new Draws(life.world.seed, mix(life.index, 1), PART.life);
  const byCourt = family.union === 'one-parent' && family.grandparents.length > 0 && draws.chance(COURT_SHARE);
  const courtOn = Math.max(life.youngestDay + 200, STORY_END - draws.int(100, 1500));
  return [family.child, ...family.siblings].filter(isMinor).flatMap((ward) => {
    const reportedOn = toDay(recordedAfter(draws, fromDay(ward.birthDate), [3, 60], 0));
    const parents = family.guardians.map((guardian): Guardianship => {
      const divorcedOn = life.divorcedOn === undefined ? undefined : toDay(life.divorcedOn);
      const apart = guardian === guardianOf(family) ? 'sole' : 'none';
      return {
        ward: refOf(ward),
        guardian: refOf(guardian),
        basis: 'parent',
        custody: family.union === 'married' ? 'shared' : apart,
        divorcedOn,
        endedOn: byCourt ? toDay(courtOn) : undefined,
        happenedOn: ward.birthDate,
        recordedOn: reportedOn,
      };
    });
    return byCourt ? [...parents, appointed(ward, family.grandparents[0] as Person, courtOn)] : parents;
  });
}

const appointed = (ward: Person, guardian: Person, courtOn: number): Guardianship => ({
  ward: refOf(ward),
  guardian: refOf(guardian),
  basis: 'court',
  custody: 'sole',
  divorcedOn: undefined,
  endedOn: undefined,
  happenedOn: toDay(courtOn),
  recordedOn: toDay(courtOn + 3),
});

function isMinor({ birthDate }: Person): boolean {
  const adultOn = `${Number(birthDate.slice(0, 4)) + ADULT_AGE}${birthDate.slice(4)}`;
  return adultOn > toDay(STORY_END);
}
