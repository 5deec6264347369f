import { checkConsents, checkReadable, checkServed, checkTruth, checkVerifications } from './acknowledged.js';
import { checkAskedAgain } from './asked-again.js';
import { checkErasure, checkKeys, checkUses, checkWithdrawals } from './basis.js';
import { checkEndings } from './endings.js';
import { checkAudit, checkChangesHaveEvents, checkOrder, checkRest } from './events.js';
import type { Promised } from './promise.js';
import { checkRefusals } from './refusals.js';
import { checkRows } from './rows.js';

/** What must hold after every run, in the order of the table. */
export const PROMISES: readonly Promised[] = [
  { name: 'an acknowledged verification is there, with the answer that was given', check: checkVerifications },
  { name: 'an acknowledged verification can be read', check: checkReadable },
  { name: 'an acknowledged consent or decision stands', check: checkConsents },
  { name: 'an acknowledged or committed change has its event', check: checkChangesHaveEvents },
  { name: 'per key, events are in order, without gaps', check: checkOrder },
  { name: 'each event has one audit record', check: checkAudit },
  { name: 'no consent is used more often than allowed', check: checkUses },
  { name: 'no disclosure after an acknowledged withdrawal', check: checkWithdrawals },
  { name: 'what was answered on a withdrawn consent is erased', check: checkErasure },
  { name: 'one verification per idempotency key', check: checkKeys },
  { name: 'one result per batch row', check: checkRows },
  { name: 'no batch row is asked again beyond what was in flight', check: checkAskedAgain },
  { name: 'in the quiet every call is answered, every repeat ends', check: checkServed },
  { name: 'no call is refused without a cause', check: checkRefusals },
  { name: 'every pending claim ended', check: checkEndings },
  { name: 'every answer is the right one', check: checkTruth },
  { name: 'it comes to rest by itself', check: checkRest },
];
