import type { ErrorCode } from '@vouch/errors';
import { type Consent, type DecidedPart, type Part, type Person, samePart } from './consent.js';
import { changes, type Decision, refused } from './decision.js';
import { type Ages, chooseParts } from './who-may-decide.js';

/** A person's yes or no to parts. */
export interface DecideParts {
  readonly kind: 'grant' | 'refuse';
  readonly by: Person;
  /** Parts named; empty: all that the person may decide. */
  readonly parts: readonly Part[];
  readonly ages: Ages;
  /** Children under 14 whose guardian the register has just confirmed the person to be. */
  readonly wards: ReadonlySet<string>;
  readonly at: Date;
}

/** Whose guardianship must be asked before parts can be decided, or the code of the rule against it. */
export type Preparation = { readonly ok: true; readonly children: readonly string[] } | { readonly ok: false; readonly code: ErrorCode };

/** Which children's guardianship the register has to confirm before this command can be carried out. */
export function prepareDecision(consent: Consent, command: Wish): Preparation {
  if (!takesDecisions(consent, command.at)) return wasDecidedSo(consent, command) ? { ok: true, children: [] } : refused('consent_closed');
  return chooseParts(consent, command.ages, command.by, command.parts, isOpenTo(command));
}

/**
 * Grants or refuses parts. A part granted before can still be refused while the consent as a whole is undecided; one refusal ends it.
 * Repeating what was decided changes nothing.
 */
export function decideParts(consent: Consent, command: DecideParts): Decision {
  if (!takesDecisions(consent, command.at)) return wasDecidedSo(consent, command) ? changes() : refused('consent_closed');
  const choice = chooseParts(consent, command.ages, command.by, command.parts, isOpenTo(command));
  if (!choice.ok) return choice;
  if (choice.parts.length === 0) return byThemBefore(consent, command) ? changes() : refused('part_not_yours');
  if (choice.children.some((child) => !command.wards.has(child))) return refused('not_guardian');

  const parts = choice.parts.map(toPart);
  const by = command.by.pseudonyms[0];
  if (command.kind === 'refuse') return changes({ change: 'part_refused', parts, by }, { change: 'refused' });
  const all = consent.parts.every((part) => part.standing === 'granted' || choice.parts.includes(part));
  return all ? changes({ change: 'part_granted', parts, by }, { change: 'granted' }) : changes({ change: 'part_granted', parts, by });
}

type Wish = Omit<DecideParts, 'wards'>;

const STANDING = { grant: 'granted', refuse: 'refused' } as const;

/** The consent stands where the command wants it, and this person had their part in that. */
const wasDecidedSo = (consent: Consent, wish: Wish): boolean => consent.status === STANDING[wish.kind] && byThemBefore(consent, wish);

function byThemBefore(consent: Consent, wish: Wish): boolean {
  const wanted = (part: DecidedPart) => wish.parts.length === 0 || wish.parts.some((named) => samePart(named, part));
  return consent.parts.some((part) => wanted(part) && part.standing === STANDING[wish.kind] && wasDecidedBy(part, wish));
}

const wasDecidedBy = (part: DecidedPart, wish: Wish): boolean =>
  part.decidedBy !== undefined && wish.by.pseudonyms.includes(part.decidedBy);

const takesDecisions = (consent: Consent, at: Date): boolean => consent.status === 'requested' && at <= consent.validUntil;

/**
 * Parts that a command can still change. Who names no part refuses what is undecided or was granted by themselves,
 * and does not overrule the other guardian by accident.
 */
function isOpenTo(wish: Wish): (part: DecidedPart) => boolean {
  if (wish.kind === 'grant') return (part) => part.standing === 'requested';
  return (part) => {
    if (part.standing !== 'granted') return part.standing === 'requested';
    return wish.parts.length > 0 || wasDecidedBy(part, wish);
  };
}

const toPart = ({ subject, claimType, claimVersion }: Part): Part => ({ subject, claimType, claimVersion });
