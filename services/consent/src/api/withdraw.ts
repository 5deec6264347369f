import { setTimeout as delay } from 'node:timers/promises';
import { toVouchError } from '@vouch/errors';
import type { Consent as ConsentMessage, WithdrawConsentRequest } from '@vouch/proto/consent/v1/consent';
import type { CallContext } from '@vouch/rpc';
import type { Consent } from '../domain/consent.js';
import type { Decision } from '../domain/decision.js';
import { evolveAll } from '../domain/evolve.js';
import { settle, withdraw } from '../domain/withdraw.js';
import { readViewer } from '../read-requests.js';
import { toActor, viewForPerson } from '../view.js';
import { findConsent, findOwnConsent } from './find-consent.js';
import type { ConsentApiOptions } from './options.js';

/** Time kept back from the caller's deadline for the answer itself, milliseconds. */
const ANSWER_MS = 250;

/** Takes a yes back, and waits within the caller's deadline until no lease is left. */
export async function withdrawConsent(
  { consents, keyring }: ConsentApiOptions,
  request: WithdrawConsentRequest,
  call: CallContext,
): Promise<ConsentMessage> {
  const viewer = readViewer(request.viewer);
  const { consent } = await findOwnConsent(consents, request.consentId, viewer);
  const by = { actor: toActor(viewer.actorRef), trace: call.trace };
  let state = await consents.change(consent.id, by, (current, at) => andSettle(current, withdraw(current, viewer, at), at));
  while (state.ok && state.consent.status === 'withdrawing' && (await waited(state.consent, state.now, call))) {
    state = await consents.change(consent.id, { actor: 'vouch', trace: call.trace }, settle);
  }
  if (!state.ok) throw toVouchError(state.code);
  const after = await findConsent(consents, consent.id);
  return viewForPerson(keyring, after.consent, after.history);
}

/** A consent that was never redeemed is withdrawn at once. */
function andSettle(consent: Consent, decision: Decision, at: Date): Decision {
  if (!decision.ok) return decision;
  const settled = settle(evolveAll(consent, decision.changes, at), at);
  return settled.ok ? { ok: true, changes: [...decision.changes, ...settled.changes] } : settled;
}

/** Waits until a withdrawal is due by the database's clock; false when the caller's time is over first. */
async function waited({ settlesAt }: Consent, now: Date, call: CallContext): Promise<boolean> {
  const due = (settlesAt?.getTime() ?? 0) - now.getTime() + 1;
  const left = (call.deadline?.getTime() ?? Number.POSITIVE_INFINITY) - Date.now() - ANSWER_MS;
  try {
    await delay(Math.max(0, Math.min(due, left)), undefined, { signal: call.signal });
  } catch {
    return false;
  }
  return due <= left;
}
