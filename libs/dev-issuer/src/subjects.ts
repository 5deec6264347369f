import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';

const NONCE = 12;
const TAG = 16;

/** Turns ID numbers into opaque subjects and back, without keeping a list. */
export interface Subjects {
  /** The same person always gets the same subject. */
  toSubject(idNumber: string): string;
  /** The ID number of a subject of ours; undefined for anything else. */
  fromSubject(subject: string): string | undefined;
}

/** Subjects under a key of 32 bytes. The nonce is an HMAC of the number, so that equal people have equal subjects. */
export function createSubjects(key: Buffer): Subjects {
  return {
    toSubject(idNumber) {
      const nonce = createHmac('sha256', key).update(idNumber).digest().subarray(0, NONCE);
      const cipher = createCipheriv('aes-256-gcm', key, nonce);
      const body = Buffer.concat([cipher.update(idNumber, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, body, cipher.getAuthTag()]).toString('base64url');
    },
    fromSubject(subject) {
      const bytes = Buffer.from(subject, 'base64url');
      if (bytes.length <= NONCE + TAG) return undefined;
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE));
      decipher.setAuthTag(bytes.subarray(-TAG));
      try {
        return Buffer.concat([decipher.update(bytes.subarray(NONCE, -TAG)), decipher.final()]).toString('utf8');
      } catch {
        return undefined;
      }
    },
  };
}
