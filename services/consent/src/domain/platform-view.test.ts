import { describe, expect, test } from 'vitest';
import { granted, NOW, requested } from '../../test/example-consents.js';
import { partsForPlatform } from './platform-view.js';

const standings = (...args: Parameters<typeof partsForPlatform>) => partsForPlatform(...args).map((one) => one.standing);

describe('a platform sees parts as the consent as a whole', () => {
  const half = requested({
    parts: requested().parts.map((one, i) => ({ ...one, standing: i === 0 ? 'granted' : 'requested', decidedBy: 'p' })),
  });

  test('requested until it is decided, whoever has decided what', () => {
    expect(standings(half, undefined)).toEqual(['requested', 'requested']);
    expect(partsForPlatform(half, undefined).every((one) => !('decidedBy' in one) && !('decidedAt' in one))).toBe(true);
  });

  test('granted once it was, also after its end', () => {
    for (const status of ['granted', 'spent', 'expired', 'withdrawn'] as const) {
      expect(standings(granted({ status }), NOW)).toEqual(['granted', 'granted']);
    }
  });

  test('all alike after a refusal, so that nobody learns who said no; requested when its time ended first', () => {
    expect(standings({ ...half, status: 'refused' }, NOW)).toEqual(['refused', 'refused']);
    expect(standings({ ...half, status: 'expired' }, undefined)).toEqual(['requested', 'requested']);
  });
});
