import { type Day, monthsBefore, monthsReachedOn } from '@vouch/adapter-sdk/calendar';
import { isHeldOn, isWanted, type Title, type TitleRecord } from './title.js';

/** Where no home may be, and for how long none may have gone to somebody else. */
export interface WantedAbsence {
  readonly regions: readonly string[];
  /** Full months up to `at` in which no home was sold or given away. */
  readonly noneTransferredMonths?: number;
  /** The records' last day unless said. */
  readonly at?: Day;
}

/** Whether there is no home, and from when there would have been none for long enough. */
export type AbsenceRuling =
  | { readonly outcome: 'confirmed' | 'ambiguous' }
  | {
      readonly outcome: 'refuted';
      readonly disclosures: {
        /** First `at` that would do, if none is bought. Left out while a home is owned. */
        readonly earliestIfUnchanged?: Day;
      };
    };

/** Whether a person owns no home, not even a share in one, in any of some regions, and none lately went to somebody else. */
export function ruleOnNoHome(record: TitleRecord, { regions, noneTransferredMonths = 0, at }: WantedAbsence, today: Day): AbsenceRuling {
  const day = at !== undefined && at < today ? at : today;
  const there = (titles: readonly Title[]) =>
    titles.filter((title) => regions.some((region) => isWanted(title, { region, residentialOnly: true })));
  const homes = there(record.titles);
  if (stands(homes, day, noneTransferredMonths)) {
    // Only the end of a window after a transfer can make it so.
    const earliest = homes
      .flatMap(({ transferredOn }) => (transferredOn === undefined ? [] : [monthsReachedOn(transferredOn, noneTransferredMonths)]))
      .sort()
      .find((end) => end > day && !stands(homes, end, noneTransferredMonths));
    return { outcome: 'refuted', disclosures: earliest === undefined ? {} : { earliestIfUnchanged: earliest } };
  }
  return { outcome: stands(there(record.unnumberedTitles), day, noneTransferredMonths) ? 'ambiguous' : 'confirmed' };
}

/** Whether one of some homes is held on a day, or went to somebody else in the months before it. */
const stands = (homes: readonly Title[], day: Day, months: number): boolean =>
  homes.some((home) => {
    const { transferredOn } = home;
    return isHeldOn(home, day) || (transferredOn !== undefined && transferredOn <= day && transferredOn > monthsBefore(day, months));
  });
