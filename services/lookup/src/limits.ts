// How much one lookup service takes on, unless its configuration says otherwise. `docs/limits.md` tells what happens past each.

/** Requests under way at once, over all callers, when the process is not late. */
export const MOST_UNDER_WAY = 2_000;
/** Pending verifications over all instances. */
export const MOST_PENDING = 500_000;
/** Waits and streams open in this process. */
export const MOST_WATCHES = 2_000;
/** Waits and streams of one client open in this process. */
export const MOST_WATCHES_OF_A_CLIENT = 500;
