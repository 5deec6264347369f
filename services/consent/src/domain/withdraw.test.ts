import { describe, expect, test } from 'vitest';
import { granted, NOW, person, requested } from '../../test/example-consents.js';
import { expire } from './expire.js';
import { settle, withdraw } from './withdraw.js';

const MOTHER = person('p-mother');
const later = (ms: number) => new Date(NOW.getTime() + ms);

describe('withdrawing', () => {
  test('waits for the last lease and a second more', () => {
    const leased = granted({ uses: 1, lastLeaseEnd: later(4000) });
    expect(withdraw(leased, MOTHER, NOW)).toEqual({ ok: true, changes: [{ change: 'withdrawing', settlesAt: later(5000) }] });
  });

  test('waits a second for answers on their way out when every lease has ended', () => {
    const used = granted({ uses: 1, lastLeaseEnd: later(-60_000) });
    expect(withdraw(used, MOTHER, NOW)).toEqual({ ok: true, changes: [{ change: 'withdrawing', settlesAt: later(1000) }] });
  });

  test('is due at once when nobody ever redeemed it', () => {
    const decision = withdraw(granted(), MOTHER, NOW);
    if (!decision.ok || decision.changes[0]?.change !== 'withdrawing') throw new Error('refused');
    const withdrawing = granted({ status: 'withdrawing', settlesAt: decision.changes[0].settlesAt });
    expect(settle(withdrawing, NOW)).toEqual({ ok: true, changes: [{ change: 'withdrawn' }] });
  });

  test('is for whoever granted a part, or whose part it is, and no one else', () => {
    expect(withdraw(granted(), person('p-child'), NOW)).toMatchObject({ ok: true });
    expect(withdraw(granted(), person('p-father'), NOW)).toEqual({ ok: false, code: 'part_not_yours' });
  });

  test('is possible after the last use and after the end, as long as it had been granted', () => {
    for (const status of ['spent', 'expired'] as const) expect(withdraw(granted({ status }), MOTHER, NOW)).toMatchObject({ ok: true });
    for (const status of ['requested', 'refused', 'expired'] as const) {
      expect(withdraw(requested({ status }), MOTHER, NOW)).toEqual({ ok: false, code: 'consent_closed' });
    }
  });

  test('repeated, changes nothing', () => {
    for (const status of ['withdrawing', 'withdrawn'] as const) {
      expect(withdraw(granted({ status }), MOTHER, NOW)).toEqual({ ok: true, changes: [] });
    }
  });
});

test('a withdrawal settles after its time, not before', () => {
  const withdrawing = granted({ status: 'withdrawing', settlesAt: NOW });
  expect(settle(withdrawing, NOW)).toEqual({ ok: true, changes: [] });
  expect(settle(withdrawing, later(1))).toEqual({ ok: true, changes: [{ change: 'withdrawn' }] });
  expect(settle(granted(), later(1))).toEqual({ ok: true, changes: [] });
});

test('what is requested or granted expires after its last instant; nothing else does', () => {
  const after = new Date(granted().validUntil.getTime() + 1);
  expect(expire(requested(), after)).toEqual({ ok: true, changes: [{ change: 'expired' }] });
  expect(expire(granted(), after)).toEqual({ ok: true, changes: [{ change: 'expired' }] });
  expect(expire(granted(), granted().validUntil)).toEqual({ ok: true, changes: [] });
  for (const status of ['refused', 'spent', 'withdrawing', 'withdrawn', 'expired'] as const) {
    expect(expire(granted({ status }), after)).toEqual({ ok: true, changes: [] });
  }
});
