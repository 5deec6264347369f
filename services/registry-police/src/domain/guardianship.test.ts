import { expect, it } from 'vitest';
import { ruleOnGuardianship } from './guardianship.js';

const GUARDIAN = 'guardian';
const child = (birthDate: string, endedOn?: string) => ({
  birthDate,
  guardianships: [{ guardianIdNumber: GUARDIAN, from: birthDate, endedOn }],
});

it('guardian-of is confirmed for who holds it, and for nobody else', () => {
  expect(ruleOnGuardianship(child('2020-01-01'), GUARDIAN, '2026-09-29').outcome).toBe('confirmed');
  expect(ruleOnGuardianship(child('2020-01-01'), 'somebody', '2026-09-29').outcome).toBe('refuted');
});

it('guardian-of ends on the eighteenth birthday', () => {
  expect(ruleOnGuardianship(child('2008-09-30'), GUARDIAN, '2026-09-29').outcome).toBe('confirmed');
  expect(ruleOnGuardianship(child('2008-09-29'), GUARDIAN, '2026-09-29').outcome).toBe('refuted');
});

it('guardian-of ends on the day on which a court ends it', () => {
  expect(ruleOnGuardianship(child('2020-01-01', '2026-09-30'), GUARDIAN, '2026-09-29').outcome).toBe('confirmed');
  expect(ruleOnGuardianship(child('2020-01-01', '2026-09-29'), GUARDIAN, '2026-09-29').outcome).toBe('refuted');
});
