/** Longest wait that a caller may prefer, seconds. */
export const LONGEST_WAIT_S = 60;

const PREFERENCE = /^wait\s*=\s*"?(\d{1,9})"?\s*(?:;.*)?$/i;

/**
 * Seconds that a `prefer` header (RFC 7240) asks to wait, as far as they are granted; undefined when it asks for none. What cannot be read
 * is no preference, and of several the first counts.
 */
export function readWait(header: string | readonly string[] | undefined): number | undefined {
  const text = typeof header === 'string' ? header : header?.join(',');
  for (const preference of text?.split(',') ?? []) {
    if (!/^\s*wait\s*(?:[=;]|$)/i.test(preference)) continue;
    const seconds = PREFERENCE.exec(preference.trim())?.[1];
    return seconds === undefined ? undefined : Math.min(Number(seconds), LONGEST_WAIT_S);
  }
  return undefined;
}
