import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { TerminalError } from '@vouch/errors';
import { toIdNumber } from './id-number.js';
import { createRandomBytes } from './random-bytes.js';

/** Where a pseudonym is used; pseudonyms of one person differ between contexts, so that stores cannot be joined. */
export type PseudonymContext = 'consent' | 'lookup' | 'audit';

/** Where a sealed value is stored; it opens nowhere else. */
export interface SealedPlace {
  readonly table: string;
  readonly row: string;
  readonly column: string;
}

/** The secrets of an installation. The current key makes; every key kept still reads. */
export interface Keyring {
  /** Id of the current key. */
  readonly currentKeyId: string;
  /** Ids of every key kept, current first. A key may go once no row bears its id. */
  readonly keyIds: readonly string[];
  /** A person in a context, by the current key: `<keyId>.<base64url HMAC-SHA-256>`. */
  pseudonym(context: PseudonymContext, idNumber: string): string;
  /** A person in a context, by every key kept, current first: for finding rows written before a rotation. */
  pseudonyms(context: PseudonymContext, idNumber: string): string[];
  /** Encrypts a text for one place: AES-256-GCM, random nonce, the place and the key id as associated data. */
  seal(plaintext: string, place: SealedPlace): Buffer;
  /** Decrypts what `seal` made for this place. Throws TerminalError `internal` when it was changed, moved, or its key is gone. */
  open(sealed: Uint8Array, place: SealedPlace): string;
  /** A keyed digest of a text by the current key, `<keyId>.<base64url>`: equal texts can be recognised, nothing can be guessed from it. */
  fingerprint(text: string): string;
  /** Whether a fingerprint is of this text, whichever key kept made it. */
  matchesFingerprint(text: string, fingerprint: string): boolean;
  /** The UUID (version 8) of these parts by the current key: the same parts, the same UUID. */
  deriveUuid(...parts: string[]): string;
  /** The UUIDs of these parts by every key kept, current first: for finding what was made before a rotation. */
  deriveUuids(...parts: string[]): string[];
}

interface Key {
  readonly id: string;
  readonly seal: Uint8Array;
  readonly fingerprint: Uint8Array;
  readonly uuid: Uint8Array;
  readonly pseudonym: Readonly<Record<PseudonymContext, Uint8Array>>;
}

const KEY_BYTES = 32;
const KEY_ID = /^[A-Za-z0-9_-]{1,32}$/;

// Sealed layout: 1 byte format, 1 byte length of the key id, key id, 12 bytes nonce, 16 bytes tag, ciphertext.
const FORMAT = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Reads a keyring: `{"current": "k1", "keys": {"k1": "<base64 of 32 bytes>"}}`. To rotate, add a key and name it current; keep the old one
 * until no row bears its id. Throws TerminalError `internal` with what is wrong, never with key material.
 */
export function readKeyring(json: string): Keyring {
  const { current, keys } = readShape(json);
  const ids = [current, ...Object.keys(keys).filter((id) => id !== current)];
  return createKeyring(ids.map((id) => deriveKey(id, keys[id] as Buffer)));
}

/** A new keyring with one random key, as JSON for `readKeyring`. */
export function generateKeyring(): string {
  return `${JSON.stringify({ current: 'k1', keys: { k1: randomBytes(KEY_BYTES).toString('base64') } }, null, 2)}\n`;
}

function readShape(json: string): { current: string; keys: Record<string, Buffer> } {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch {
    // The parser's message can quote the text, which is secret.
    throw unreadable('it is not JSON');
  }
  const { current, keys } = (parsed ?? {}) as { current?: unknown; keys?: unknown };
  if (typeof keys !== 'object' || keys === null || Array.isArray(keys)) throw unreadable('"keys" must be an object of key id to base64');
  const read: Record<string, Buffer> = {};
  for (const [id, text] of Object.entries(keys)) {
    if (!KEY_ID.test(id)) throw unreadable('a key id must be 1 to 32 letters, digits, "_" or "-"');
    const bytes = Buffer.from(typeof text === 'string' ? text : '', 'base64');
    if (bytes.length !== KEY_BYTES) throw unreadable(`key "${id}" must be 32 bytes in base64`);
    read[id] = bytes;
  }
  if (typeof current !== 'string' || !Object.hasOwn(read, current)) throw unreadable('"current" must name one of the keys');
  return { current, keys: read };
}

const unreadable = (reason: string): TerminalError => new TerminalError('internal', { detail: `The keyring cannot be read: ${reason}` });

function deriveKey(id: string, secret: Buffer): Key {
  const derive = (purpose: string) => new Uint8Array(hkdfSync('sha256', secret, 'vouch', `${purpose}/v1`, KEY_BYTES));
  return {
    id,
    seal: derive('seal'),
    fingerprint: derive('fingerprint'),
    uuid: derive('uuid'),
    pseudonym: { consent: derive('pseudonym/consent'), lookup: derive('pseudonym/lookup'), audit: derive('pseudonym/audit') },
  };
}

function createKeyring(keys: readonly Key[]): Keyring {
  const current = keys[0] as Key;
  return {
    currentKeyId: current.id,
    keyIds: keys.map((key) => key.id),
    pseudonym: (context, idNumber) => pseudonymBy(current, context, idNumber),
    pseudonyms: (context, idNumber) => keys.map((key) => pseudonymBy(key, context, idNumber)),
    seal: (plaintext, place) => sealBy(current, plaintext, place),
    open: (sealed, place) => openBy(keys, sealed, place),
    fingerprint: (text) => fingerprintBy(current, text),
    matchesFingerprint: (text, fingerprint) => keys.some((key) => fingerprintBy(key, text) === fingerprint),
    deriveUuid: (...parts) => uuidBy(current, parts),
    deriveUuids: (...parts) => keys.map((key) => uuidBy(key, parts)),
  };
}

function pseudonymBy(key: Key, context: PseudonymContext, idNumber: string): string {
  return `${key.id}.${createHmac('sha256', key.pseudonym[context])
    .update(`${context}\0${toIdNumber(idNumber)}`)
    .digest('base64url')}`;
}

function fingerprintBy(key: Key, text: string): string {
  return `${key.id}.${createHmac('sha256', key.fingerprint).update(text).digest('base64url')}`;
}

function uuidBy(key: Key, parts: readonly string[]): string {
  // JSON keeps ["ab", "c"] and ["a", "bc"] apart.
  const digest = createHmac('sha256', key.uuid).update(JSON.stringify(parts)).digest();
  digest.writeUInt8((digest.readUInt8(6) & 0x0f) | 0x80, 6);
  digest.writeUInt8((digest.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = digest.toString('hex', 0, 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

const associatedData = (keyId: string, place: SealedPlace): Buffer =>
  Buffer.from(JSON.stringify([FORMAT, keyId, place.table, place.row, place.column]));

function sealBy(key: Key, plaintext: string, place: SealedPlace): Buffer {
  const nonce = createRandomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key.seal, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(associatedData(key.id, place));
  const ciphertext = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]);
  const keyId = Buffer.from(key.id);
  return Buffer.concat([Buffer.of(FORMAT, keyId.length), keyId, nonce, cipher.getAuthTag(), ciphertext]);
}

function openBy(keys: readonly Key[], sealed: Uint8Array, place: SealedPlace): string {
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  const nonceAt = 2 + (bytes[1] ?? 0);
  const tagAt = nonceAt + NONCE_BYTES;
  const key = keys.find((candidate) => candidate.id === bytes.toString('utf8', 2, nonceAt));
  if (bytes[0] !== FORMAT || bytes.length < tagAt + TAG_BYTES || !key) throw unopened('unknown format or key');
  try {
    const decipher = createDecipheriv('aes-256-gcm', key.seal, bytes.subarray(nonceAt, tagAt), { authTagLength: TAG_BYTES });
    decipher.setAAD(associatedData(key.id, place));
    decipher.setAuthTag(bytes.subarray(tagAt, tagAt + TAG_BYTES));
    return Buffer.concat([decipher.update(bytes.subarray(tagAt + TAG_BYTES)), decipher.final()]).toString('utf8');
  } catch {
    throw unopened('changed, or of another place');
  }
}

const unopened = (reason: string): TerminalError =>
  new TerminalError('internal', { cause: new Error(`A sealed value does not open: ${reason}`) });
