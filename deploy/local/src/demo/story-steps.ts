import type { PlatformClient, Verification } from '@vouch/client';

/** What a step of the story waits for at most. */
export const PENDING_WITHIN_MS = 30_000;

/** Waits for a verification to complete, which Vouch does by itself. */
export async function untilDone(platform: PlatformClient, verification: Verification, language?: 'zh-CN' | 'en'): Promise<Verification> {
  const until = Date.now() + PENDING_WITHIN_MS;
  let current = verification;
  while (current.status === 'pending' && Date.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 250));
    current = (await platform.verification(verification.id, language === undefined ? {} : { language })).body;
  }
  return current;
}

/** Throws where the story does not go as it should. */
export function expectWord(word: string | undefined, expected: string): void {
  if (word !== expected) throw new Error(`Expected ${expected}, and it was ${word}`);
}
