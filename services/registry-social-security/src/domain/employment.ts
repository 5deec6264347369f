import type { Day, Period } from '@vouch/adapter-sdk/calendar';

/** A job with an employer who insures, bounds inclusive. */
export interface Employment extends Period {
  /** County where the employer pays, 6 digits. */
  readonly region: string;
}

/** Whether a job in a region ran on a day; a day after the records end counts as their last. */
export function ruleOnEmployment(
  employments: readonly Employment[],
  wanted: { readonly region: string; readonly at: Day },
  completeTo: Day,
): { readonly outcome: 'confirmed' | 'refuted' } {
  const at = wanted.at < completeTo ? wanted.at : completeTo;
  const employed = employments.some(
    ({ region, from, until }) => region.startsWith(wanted.region) && from <= at && (until === undefined || until >= at),
  );
  return { outcome: employed ? 'confirmed' : 'refuted' };
}
