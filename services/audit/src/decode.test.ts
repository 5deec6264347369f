import { describe, expect, test } from 'vitest';
import { decode } from './decode.js';

const payload = {
  verificationId: '01890000-0000-7000-8000-000000000001',
  action: 'redeemed',
  persons: [{ pseudonym: 'k1.child', subject: 'child', claimTypes: ['police.age-on'] }],
  salt: Buffer.alloc(16, 1).toString('base64'),
  leaseEnd: '2026-08-01T08:00:03.000Z',
  sequence: 1,
};

describe('a payload', () => {
  test('is read, and kept as it came', () => {
    const decoded = decode({ ...payload, addedLater: true });
    expect(decoded.record).toMatchObject({ action: 'redeemed', leaseEnd: new Date(payload.leaseEnd), consentId: '' });
    expect(decoded.record.persons).toEqual([{ pseudonym: 'k1.child', claimTypes: ['police.age-on'] }]);
    expect(decoded.raw).toEqual({ ...payload, addedLater: true });
    expect(decoded.salt).toEqual(Buffer.alloc(16, 1));
  });

  test('without a real salt gets one of ours', () => {
    expect(decode({ ...payload, salt: undefined }).salt).toBeUndefined();
    expect(decode({ ...payload, salt: 'AAAA' }).salt).toBeUndefined();
  });

  test('of an action that is not known yet is taken too', () => {
    expect(decode({ ...payload, action: 'receipt_signed' }).record.action).toBe('receipt_signed');
  });

  test.each([
    ['no object', 'text'],
    ['null', null],
    ['no action', { ...payload, action: undefined }],
    ['an id that is none', { ...payload, verificationId: 'x' }],
    ['persons without pseudonyms', { ...payload, persons: [{}] }],
    ['a lease that ends never', { ...payload, leaseEnd: 'soon' }],
  ])('with %s is refused', (_, broken) => {
    expect(() => decode(broken)).toThrow();
  });
});
