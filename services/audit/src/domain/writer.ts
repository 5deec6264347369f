/** A service that writes audit records; each numbers its own of one verification, from 1 on. */
export type Writer = 'consent' | 'lookup';

const PREFIX_LENGTH = 2;

/** Who wrote the records of a key, `c:` or `l:` and the verification's id; undefined when the key is that of a consent or of the catalogue. */
export function writerOf(key: string, verificationId: string): Writer | undefined {
  if (verificationId === '' || key.length !== PREFIX_LENGTH + verificationId.length || !key.endsWith(verificationId)) return undefined;
  if (key.startsWith('c:')) return 'consent';
  return key.startsWith('l:') ? 'lookup' : undefined;
}
