import type { Day } from './family.js';

/** Year of entry that the stories are about. */
export const ENTRY_YEAR = 2026;

/** Day by which enrolment rules count (截止日), in the year of entry. */
export const CUT_OFF_DAY: Day = `${ENTRY_YEAR}-08-31`;
