import type { RequestFault } from '@vouch/errors';
import type { Part } from './consent.js';
import { CLOCK_ALLOWANCE_MS } from './withdraw.js';

/** Most parts of one consent. */
export const MOST_PARTS = 200;
/** Most days that answers may be kept. */
export const LONGEST_RETENTION_DAYS = 3650;
/** Most uses that may be asked for. */
const MOST_USES = 10_000;

/** A platform's wish, before anything is checked. */
export interface ConsentWish {
  readonly parts: readonly Part[];
  /** Subject keys that have an identity. */
  readonly subjects: readonly string[];
  readonly validFrom: Date | undefined;
  readonly validUntil: Date | undefined;
  readonly maxUses: number;
  readonly retentionDays: number;
}

/** Every fault of a wish for consent at `now`; none when it can be recorded. `knows` says whether a claim type exists at a version. */
export function faultsOf(wish: ConsentWish, knows: (claimType: string, version: number) => boolean, now: Date): RequestFault[] {
  return [...faultsOfParts(wish, knows), ...faultsOfTime(wish, now), ...faultsOfNumbers(wish)];
}

/**
 * First instant of a new consent. The edge's clock gave it and the database's will judge it: what lies ahead by no more than clocks may
 * differ is meant as now, or a consent that is good from now on would be refused.
 */
export const beginsAt = (validFrom: Date, now: Date): Date =>
  validFrom > now && validFrom.getTime() - now.getTime() <= CLOCK_ALLOWANCE_MS ? now : validFrom;

function faultsOfParts(wish: ConsentWish, knows: (claimType: string, version: number) => boolean): RequestFault[] {
  if (wish.parts.length === 0) return [fault('/parts', 'required', 'A consent needs at least one part')];
  if (wish.parts.length > MOST_PARTS) return [fault('/parts', 'too_many', `A consent has at most ${MOST_PARTS} parts`)];
  const seen = new Set<string>();
  return wish.parts.flatMap((part, index) => {
    const faults: RequestFault[] = [];
    const key = JSON.stringify([part.subject, part.claimType, part.claimVersion]);
    if (!wish.subjects.includes(part.subject)) faults.push(fault(`/parts/${index}/subject`, 'unknown_subject', 'No subject has this key'));
    if (!knows(part.claimType, part.claimVersion)) {
      faults.push(fault(`/parts/${index}/claimType`, 'unknown_claim_type', 'The catalogue has no such claim type'));
    }
    if (seen.has(key)) faults.push(fault(`/parts/${index}`, 'duplicate', 'This part is named twice'));
    seen.add(key);
    return faults;
  });
}

function faultsOfTime({ validFrom, validUntil }: ConsentWish, now: Date): RequestFault[] {
  const faults: RequestFault[] = [];
  if (!validFrom) faults.push(fault('/validFrom', 'required', 'A consent needs a first instant'));
  if (!validUntil) faults.push(fault('/validUntil', 'required', 'A consent needs a last instant'));
  if (validFrom && validUntil && validUntil <= validFrom) faults.push(fault('/validUntil', 'too_early', 'It must end after it begins'));
  if (validUntil && validUntil <= now) faults.push(fault('/validUntil', 'past', 'It must end in the future'));
  return faults;
}

function faultsOfNumbers({ maxUses, retentionDays }: ConsentWish): RequestFault[] {
  const faults: RequestFault[] = [];
  if (maxUses < 1 || maxUses > MOST_USES) faults.push(fault('/maxUses', 'out_of_range', `From 1 to ${MOST_USES}`));
  if (retentionDays < 1 || retentionDays > LONGEST_RETENTION_DAYS) {
    faults.push(fault('/retentionDays', 'out_of_range', `From 1 to ${LONGEST_RETENTION_DAYS}`));
  }
  return faults;
}

const fault = (pointer: string, code: string, detail: string): RequestFault => ({ pointer, code, detail });
