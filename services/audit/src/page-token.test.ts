import { expect, test } from 'vitest';
import { readPageToken, toPageToken } from './page-token.js';

test('a token leads back to its entry; an empty one to the beginning; any other is refused', () => {
  const start = { at: new Date('2026-08-01T08:00:00.123Z'), verificationId: '01890000-0000-7000-8000-000000000001' };
  expect(readPageToken(toPageToken(start))).toEqual(start);
  expect(readPageToken('')).toBeUndefined();
  for (const token of ['x', '!', Buffer.from('["2026-08-01T08:00:00Z","x"]').toString('base64url')]) {
    expect(() => readPageToken(token)).toThrow(expect.objectContaining({ code: 'request_invalid' }));
  }
});
