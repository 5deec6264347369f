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

/** Makes a call again for so long while it fails in a way that may pass. */
export async function again<T>(terminal: Terminal, call: () => Promise<T>, giveUpAfterMs: number): Promise<T> {
  const until = Date.now() + giveUpAfterMs;
  for (let tries = 0; ; tries += 1) {
    try {
      return await call();
    } catch (failure) {
      const asked = failure instanceof ProblemError ? (failure.retryAfter ?? 0) * 1_000 : 0;
      const wait = Math.min(LONGEST_PAUSE_MS, Math.max(asked, FIRST_PAUSE_MS * 2 ** tries));
      if (!mayPass(failure) || Date.now() + wait > until) throw failure;
      if (tries === 0) terminal.say(`${describeFailure(failure).text}; trying again`);
      await pause(wait);
    }
  }
}
