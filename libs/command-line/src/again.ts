import { setTimeout as pause } from 'node:timers/promises';
import { ProblemError } from '@vouch/client';
import { describeFailure, mayPass } from './failure.js';
import type { Terminal } from './terminal.js';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;

/** How long a Vouch that never answered is called again, milliseconds. */
export const FIRST_CONTACT_MS = 5_000;
/** The same for one that answered before: it may be starting anew. */
export const LATER_CONTACT_MS = 120_000;

/** Makes a call again for so long while it fails in a way that may pass; as long as one that answered before, once it has said why it fails. */
export async function again<T>(terminal: Terminal, call: () => Promise<T>, giveUpAfterMs: number): Promise<T> {
  const begun = Date.now();
  let patienceMs = giveUpAfterMs;
  for (let tries = 0; ; tries += 1) {
    try {
      return await call();
    } catch (failure) {
      const said = failure instanceof ProblemError ? failure : undefined;
      if (said) patienceMs = Math.max(patienceMs, LATER_CONTACT_MS);
      const asked = (said?.retryAfter ?? 0) * 1_000;
      const wait = Math.min(LONGEST_PAUSE_MS, Math.max(asked, FIRST_PAUSE_MS * 2 ** tries));
      if (!mayPass(failure) || Date.now() - begun + wait > patienceMs) throw failure;
      if (tries === 0) terminal.say(`${describeFailure(failure).text}; trying again`);
      await pause(wait);
    }
  }
}
