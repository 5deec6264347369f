import { type Day, yearsBefore } from '@vouch/adapter-sdk/calendar';

/** Whether somebody has reached an age on a day; the birthday itself counts, 29 February's in other years is 1 March. */
export function ruleOnAge(
  birthDate: Day,
  wanted: { readonly at: Day; readonly years: number },
): {
  readonly outcome: 'confirmed' | 'refuted';
} {
  return { outcome: birthDate <= yearsBefore(wanted.at, wanted.years) ? 'confirmed' : 'refuted' };
}
