import type { ErrorCode } from '@vouch/errors';
import type { ConsentChange } from './consent.js';

/** What a command comes to: the changes it makes (none when it had been carried out before), or the code of the rule against it. */
export type Decision = { readonly ok: true; readonly changes: readonly ConsentChange[] } | { readonly ok: false; readonly code: ErrorCode };

export const changes = (...made: readonly ConsentChange[]): Decision => ({ ok: true, changes: made });

export const refused = (code: ErrorCode): Decision & { readonly ok: false } => ({ ok: false, code });
