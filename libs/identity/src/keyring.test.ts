import { randomBytes } from 'node:crypto';
import { TerminalError } from '@vouch/errors';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generateKeyring, readKeyring } from './keyring.js';

const ID_NUMBER = '11010519491231002X';
const PLACE = { table: 'verification', row: '1', column: 'subjects' };
const UUID_V8 = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const secret = () => randomBytes(32).toString('base64');
const k1 = secret();
const before = readKeyring(JSON.stringify({ current: 'k1', keys: { k1 } }));
const after = readKeyring(JSON.stringify({ current: 'k2', keys: { k1, k2: secret() } }));
const places = fc.record({ table: fc.string(), row: fc.string(), column: fc.string() });

describe('pseudonyms', () => {
  it('are stable, differ by context and person, and do not tell x from X', () => {
    const contexts = ['consent', 'lookup', 'audit'] as const;
    expect(new Set(contexts.map((context) => before.pseudonym(context, ID_NUMBER))).size).toBe(3);
    expect(before.pseudonym('audit', ID_NUMBER)).toBe(before.pseudonym('audit', ID_NUMBER.toLowerCase()));
    expect(before.pseudonym('audit', ID_NUMBER)).not.toBe(before.pseudonym('audit', '440524188001010014'));
    expect(before.pseudonym('audit', ID_NUMBER)).toMatch(/^k1\.[A-Za-z0-9_-]{43}$/);
  });

  it('of a kept key are still found after a rotation', () => {
    expect(after.pseudonym('lookup', ID_NUMBER)).toMatch(/^k2\./);
    expect(after.pseudonyms('lookup', ID_NUMBER)).toEqual([after.pseudonym('lookup', ID_NUMBER), before.pseudonym('lookup', ID_NUMBER)]);
    expect(after.keyIds).toEqual(['k2', 'k1']);
  });

  it('of another secret are others', () => {
    const other = readKeyring(JSON.stringify({ current: 'k1', keys: { k1: secret() } }));
    expect(other.pseudonym('audit', ID_NUMBER)).not.toBe(before.pseudonym('audit', ID_NUMBER));
  });
});

describe('sealed values', () => {
  it('open at their place, also after a rotation', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), places, (text, place) => {
        const sealed = before.seal(text, place);
        expect(before.open(sealed, place)).toBe(text);
        expect(after.open(new Uint8Array(sealed), place)).toBe(text);
      }),
    );
  });

  it('differ each time and hide the text', () => {
    const [one, two] = [before.seal(ID_NUMBER, PLACE), before.seal(ID_NUMBER, PLACE)];
    expect(one.equals(two)).toBe(false);
    expect(one.includes(ID_NUMBER)).toBe(false);
  });

  it('do not open when any byte is changed', () => {
    const sealed = before.seal('张三', PLACE);
    for (let at = 0; at < sealed.length; at++) {
      const changed = Buffer.from(sealed);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      expect(() => before.open(changed, PLACE)).toThrow(TerminalError);
    }
  });

  it('do not open when cut short or at another place', () => {
    const sealed = before.seal('张三', PLACE);
    for (let length = 0; length < sealed.length; length++)
      expect(() => before.open(sealed.subarray(0, length), PLACE)).toThrow(TerminalError);
    fc.assert(
      fc.property(places, (place) => {
        fc.pre(JSON.stringify(place) !== JSON.stringify(PLACE));
        expect(() => before.open(sealed, place)).toThrow(TerminalError);
      }),
    );
    expect(() => before.open(sealed, { table: 'verification1', row: '', column: 'subjects' })).toThrow(TerminalError);
  });

  it('do not open without their key', () => {
    const sealed = after.seal('张三', PLACE);
    expect(() => before.open(sealed, PLACE)).toThrow(TerminalError);
  });
});

describe('fingerprints and derived UUIDs', () => {
  it('recognise equal texts, also after a rotation', () => {
    expect(before.fingerprint('a')).toBe(before.fingerprint('a'));
    expect(before.fingerprint('a')).not.toBe(before.fingerprint('b'));
    expect(after.fingerprint('a')).not.toBe(before.fingerprint('a'));
    expect(after.matchesFingerprint('a', before.fingerprint('a'))).toBe(true);
    expect(after.matchesFingerprint('b', before.fingerprint('a'))).toBe(false);
  });

  it('are UUIDs of version 8, the same for the same parts only', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.array(fc.string()), (parts, others) => {
        expect(before.deriveUuid(...parts)).toMatch(UUID_V8);
        expect(before.deriveUuid(...parts) === before.deriveUuid(...others)).toBe(JSON.stringify(parts) === JSON.stringify(others));
      }),
    );
    expect(before.deriveUuid('ab', 'c')).not.toBe(before.deriveUuid('a', 'bc'));
    expect(after.deriveUuids('a')).toEqual([after.deriveUuid('a'), before.deriveUuid('a')]);
  });
});

describe('readKeyring', () => {
  it('reads what generateKeyring makes', () => {
    expect(readKeyring(generateKeyring()).currentKeyId).toBe('k1');
  });

  it.each([
    ['not JSON', 'k1 secret'],
    ['null', 'null'],
    ['no keys', '{"current":"k1"}'],
    ['keys as a list', '{"current":"k1","keys":[]}'],
    ['no current', JSON.stringify({ keys: { k1 } })],
    ['an unknown current', JSON.stringify({ current: 'k2', keys: { k1 } })],
    ['an inherited current', JSON.stringify({ current: 'toString', keys: { k1 } })],
    ['a short key', '{"current":"k1","keys":{"k1":"AAAA"}}'],
    ['a key that is no text', '{"current":"k1","keys":{"k1":7}}'],
    ['a bad key id', JSON.stringify({ current: 'k.1', keys: { 'k.1': k1 } })],
  ])('refuses %s and quotes no secret', (_what, json) => {
    let thrown: unknown;
    try {
      readKeyring(json);
    } catch (failure) {
      thrown = failure;
    }
    expect(thrown).toBeInstanceOf(TerminalError);
    expect(String(thrown)).not.toContain(k1);
    expect(String(thrown)).not.toContain('secret');
  });
});
