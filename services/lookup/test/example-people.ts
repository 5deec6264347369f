import { checkDigit } from '@vouch/identity';

/** An invented person with a number that nobody can hold: its division code was never assigned. */
export function person(birthDay: string, order: number, name: string) {
  const first17 = `375001${birthDay}${String(order).padStart(3, '0')}`;
  return { idNumber: `${first17}${checkDigit(first17)}`, name };
}

/** A child, and guardians. */
export const CHILD = person('20191105', 112, '沐辰测试甲');
export const GUARDIAN = person('19880214', 345, '建国测试乙');
export const STRANGER = person('19850301', 777, '秀英测试丙');
