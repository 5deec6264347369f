import { dayInShanghai, isCalendarDay } from './days.js';

/** Why a text is not an ID number; stable, used as the code of a request fault. */
export type IdFault = 'id_number_length' | 'id_number_characters' | 'id_number_birth_date' | 'id_number_check_digit';

/** What reading an ID number gave. */
export type IdReading = { readonly ok: true; readonly idNumber: string } | { readonly ok: false; readonly fault: IdFault };

const SHAPE = /^\d{17}[\dXx]$/;
// GB 11643: weight of position i is 2^(17-i) mod 11; ISO 7064 MOD 11-2.
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK_CHARACTERS = '10X98765432';
const OLDEST_YEAR = 1850;
const ZERO = 48;

/**
 * Reads a GB 11643 citizen identification number: 18 characters, a real birth date that is not after `today`
 * (`YYYY-MM-DD`; now in Asia/Shanghai unless said), and the right check character. The one normalisation is a trailing `x` to `X`.
 * The division code is not looked up: codes are abolished while people keep their numbers.
 */
export function readIdNumber(text: string, today: string = dayInShanghai(new Date())): IdReading {
  if (text.length !== 18) return { ok: false, fault: 'id_number_length' };
  if (!SHAPE.test(text)) return { ok: false, fault: 'id_number_characters' };
  const idNumber = toIdNumber(text);
  const [year, month, day] = [Number(text.slice(6, 10)), Number(text.slice(10, 12)), Number(text.slice(12, 14))];
  if (year < OLDEST_YEAR || !isCalendarDay(year, month, day) || birthDateOf(idNumber) > today) {
    return { ok: false, fault: 'id_number_birth_date' };
  }
  if (checkDigit(idNumber.slice(0, 17)) !== idNumber.charAt(17)) return { ok: false, fault: 'id_number_check_digit' };
  return { ok: true, idNumber };
}

/** The normal form of an ID number, for comparing and hashing; checks nothing. */
export const toIdNumber = (text: string): string => (text.endsWith('x') ? `${text.slice(0, -1)}X` : text);

/** The check character (`0`–`9` or `X`) after 17 digits, GB 11643 / ISO 7064 MOD 11-2. */
export function checkDigit(first17: string): string {
  let sum = 0;
  for (let i = 0; i < 17; i++) sum += (first17.charCodeAt(i) - ZERO) * (WEIGHTS[i] as number);
  return CHECK_CHARACTERS.charAt(sum % 11);
}

/** Birth date in a well-formed ID number, `YYYY-MM-DD`. */
export function birthDateOf(idNumber: string): string {
  return `${idNumber.slice(6, 10)}-${idNumber.slice(10, 12)}-${idNumber.slice(12, 14)}`;
}

/** Sex in a well-formed ID number: the 17th digit is odd for males. */
export function sexOf(idNumber: string): 'male' | 'female' {
  return idNumber.charCodeAt(16) % 2 === 1 ? 'male' : 'female';
}

/**
 * Full years of age on a day (`YYYY-MM-DD`) of whoever holds a well-formed ID number. A year is full on the birthday itself
 * (enrolment rules count so: six on 31 August is six); born on 29 February, on 1 March of other years. Negative before birth.
 */
export function ageOn(idNumber: string, day: string): number {
  const birthDate = birthDateOf(idNumber);
  const years = Number(day.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return day.slice(5) < birthDate.slice(5) ? years - 1 : years;
}
