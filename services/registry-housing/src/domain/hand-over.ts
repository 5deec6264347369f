import type { Day } from '@vouch/adapter-sdk/calendar';
import type { PresaleContract } from './presale.js';
import type { Title } from './title.js';

/** Whether a home was handed over, and when. */
export type HandOverRuling =
  | { readonly outcome: 'confirmed'; readonly disclosures: { readonly since: Day } }
  | { readonly outcome: 'refuted' };

/**
 * Whether a home in a region that a person owns, or has bought by a contract that stands, was handed over (交付) by a day. It says nothing of
 * anybody's living there.
 */
export function ruleOnHandOver(
  { titles, presales }: { readonly titles: readonly Title[]; readonly presales: readonly PresaleContract[] },
  wanted: { readonly region: string; readonly handedOverBefore: Day },
  today: Day,
): HandOverRuling {
  const owned = titles.filter(({ transferredOn }) => transferredOn === undefined || transferredOn > today);
  // A contract whose home was sold again since is fulfilled by a title that is no longer theirs.
  const sold = new Set(titles.filter((title) => !owned.includes(title)).map(({ addressCode }) => addressCode));
  const bought = presales.filter(({ cancelled, addressCode }) => !cancelled && !sold.has(addressCode));
  const since = [...owned, ...bought]
    .filter(({ addressCode, residential }) => residential && addressCode.startsWith(wanted.region))
    .flatMap(({ handedOverOn }) => handedOverOn ?? [])
    .filter((day) => day <= wanted.handedOverBefore)
    .sort()[0];
  return since === undefined ? { outcome: 'refuted' } : { outcome: 'confirmed', disclosures: { since } };
}
