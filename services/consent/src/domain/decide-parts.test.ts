import { describe, expect, test } from 'vitest';
import { AGES, granted, NOW, part, person, requested } from '../../test/example-consents.js';
import type { Consent, Part } from './consent.js';
import { type DecideParts, decideParts, prepareDecision } from './decide-parts.js';
import { evolveAll } from './evolve.js';

const HOUSEHOLD = part('child', 'police.household-registered');
const HOME = part('guardian', 'housing.owns-home');

const wish = (kind: DecideParts['kind'], who: string, parts: readonly Part[] = [], wards: readonly string[] = []): DecideParts => ({
  kind,
  by: person(who),
  parts,
  ages: AGES,
  wards: new Set(wards),
  at: NOW,
});

/** The consent after several commands, each of which must be allowed. */
const after = (consent: Consent, ...wishes: DecideParts[]): Consent =>
  wishes.reduce((state, command) => {
    const decision = decideParts(state, command);
    if (!decision.ok) throw new Error(decision.code);
    return evolveAll(state, decision.changes, NOW);
  }, consent);

const codeOf = (consent: Consent, command: DecideParts) => {
  const decision = decideParts(consent, command);
  return decision.ok ? 'ok' : decision.code;
};

describe('granting', () => {
  test('a guardian whom the register confirms grants their own part and the child’s, and so the whole', () => {
    const command = wish('grant', 'p-mother', [], ['child']);
    expect(prepareDecision(requested(), command)).toMatchObject({ ok: true, children: ['child'] });
    expect(decideParts(requested(), command)).toEqual({
      ok: true,
      changes: [{ change: 'part_granted', parts: [HOUSEHOLD, HOME], by: 'p-mother' }, { change: 'granted' }],
    });
    expect(after(requested(), command)).toMatchObject({ status: 'granted', grantedAt: NOW });
  });

  test('without the register’s word nothing is granted, not even the own part', () => {
    expect(codeOf(requested(), wish('grant', 'p-mother'))).toBe('not_guardian');
    expect(codeOf(requested(), wish('grant', 'p-mother', [HOUSEHOLD]))).toBe('not_guardian');
  });

  test('a part of one’s own needs no register', () => {
    const command = wish('grant', 'p-mother', [HOME]);
    expect(prepareDecision(requested(), command)).toMatchObject({ ok: true, children: [] });
    expect(after(requested(), command).status).toBe('requested');
  });

  test('one guardian cannot decide the other’s part', () => {
    expect(codeOf(requested(), wish('grant', 'p-father', [HOME], ['child']))).toBe('part_not_yours');
    expect(codeOf(requested(), wish('grant', 'p-father', [HOUSEHOLD, HOME], ['child']))).toBe('part_not_yours');
    // Naming none, the father decides for the child alone.
    const half = after(requested(), wish('grant', 'p-father', [], ['child']));
    expect(half.parts.map((one) => one.standing)).toEqual(['granted', 'requested']);
    expect(after(half, wish('grant', 'p-mother')).status).toBe('granted');
  });

  test('whoever is 14 decides for themselves, and their guardian no longer', () => {
    const ages = { ...AGES, child: 14 };
    expect(codeOf(requested(), { ...wish('grant', 'p-child', [HOUSEHOLD]), ages })).toBe('ok');
    expect(codeOf(requested(), { ...wish('grant', 'p-mother', [HOUSEHOLD], ['child']), ages })).toBe('part_not_yours');
    expect(codeOf(requested(), wish('grant', 'p-child', [HOUSEHOLD], ['child']))).toBe('part_not_yours');
  });

  test('only a named adult can be a guardian', () => {
    expect(codeOf(requested(), { ...wish('grant', 'p-father', [HOUSEHOLD], ['child']), ages: { ...AGES, guardian2: 17 } })).toBe(
      'part_not_yours',
    );
    const sibling = requested({ persons: [...requested().persons, { subject: 'sibling1', pseudonym: 'p-sister' }] });
    const ages = { ...AGES, sibling1: 20 };
    expect(codeOf(sibling, { ...wish('grant', 'p-sister', [HOUSEHOLD], ['child']), ages })).toBe('part_not_yours');
    expect(codeOf(requested(), wish('grant', 'p-stranger', [HOUSEHOLD], ['child']))).toBe('part_not_yours');
  });

  test('a grandparent who names no part decides for themselves; only without one of their own for the child', () => {
    const owner = requested({ parts: [...requested().parts, { ...part('grandparent1', 'housing.owns-home'), standing: 'requested' }] });
    expect(prepareDecision(owner, wish('grant', 'p-grandmother'))).toMatchObject({ ok: true, children: [] });
    expect(prepareDecision(requested(), wish('grant', 'p-grandmother'))).toMatchObject({ ok: true, children: ['child'] });
    expect(prepareDecision(owner, wish('grant', 'p-grandmother', [HOUSEHOLD]))).toMatchObject({ ok: true, children: ['child'] });
  });

  test('a part that is not in the consent is nobody’s', () => {
    expect(codeOf(requested(), wish('grant', 'p-mother', [part('guardian', 'tax.deed-tax-paid')]))).toBe('part_not_yours');
    expect(codeOf(requested(), wish('grant', 'p-mother', [{ ...HOME, claimVersion: 2 }]))).toBe('part_not_yours');
  });

  test('repeating a grant changes nothing; others who come late are told that it is closed', () => {
    const all = granted();
    expect(decideParts(all, wish('grant', 'p-mother'))).toEqual({ ok: true, changes: [] });
    expect(codeOf(all, wish('grant', 'p-father'))).toBe('consent_closed');
    const half = after(requested(), wish('grant', 'p-mother', [HOME]));
    expect(decideParts(half, wish('grant', 'p-mother', [HOME]))).toEqual({ ok: true, changes: [] });
  });

  test('nothing is granted once the consent is closed or its time is over', () => {
    for (const status of ['refused', 'expired', 'withdrawing', 'withdrawn', 'spent'] as const) {
      expect(codeOf(requested({ status }), wish('grant', 'p-mother', [HOME]))).toBe('consent_closed');
    }
    expect(codeOf(requested({ validUntil: new Date(NOW.getTime() - 1) }), wish('grant', 'p-mother', [HOME]))).toBe('consent_closed');
  });
});

describe('refusing', () => {
  test('one refusal ends the consent', () => {
    const refused = after(requested(), wish('refuse', 'p-mother', [HOME]));
    expect(refused.status).toBe('refused');
    expect(refused.parts.map((one) => one.standing)).toEqual(['requested', 'refused']);
  });

  test('refusing for a child needs the register as well', () => {
    expect(codeOf(requested(), wish('refuse', 'p-father'))).toBe('not_guardian');
    expect(after(requested(), wish('refuse', 'p-father', [], ['child'])).status).toBe('refused');
  });

  test('a grant can be taken back while others are undecided, by its giver or by naming the part', () => {
    const half = after(requested(), wish('grant', 'p-mother', [HOUSEHOLD], ['child']));
    expect(after(half, wish('refuse', 'p-mother', [], ['child'])).status).toBe('refused');
    expect(after(half, wish('refuse', 'p-father', [HOUSEHOLD], ['child'])).status).toBe('refused');
    expect(codeOf(half, wish('refuse', 'p-father', [], ['child']))).toBe('part_not_yours');
  });

  test('repeating a refusal changes nothing', () => {
    const refused = after(requested(), wish('refuse', 'p-mother', [HOME]));
    expect(decideParts(refused, wish('refuse', 'p-mother'))).toEqual({ ok: true, changes: [] });
    expect(codeOf(refused, wish('grant', 'p-mother'))).toBe('consent_closed');
    expect(codeOf(granted(), wish('refuse', 'p-mother'))).toBe('consent_closed');
  });
});
