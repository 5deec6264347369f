import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isDay } from './days.js';
import { ageOn, birthDateOf, checkDigit, readIdNumber, sexOf } from './id-number.js';

const TODAY = '2026-08-31';

const digits = (count: number) => fc.integer({ min: 0, max: 10 ** count - 1 }).map((n) => String(n).padStart(count, '0'));
const birthDates = fc
  .date({ min: new Date('1900-01-01'), max: new Date(TODAY), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10).replaceAll('-', ''));
const idNumbers = fc.tuple(digits(6), birthDates, digits(3)).map((parts) => {
  const first17 = parts.join('');
  return first17 + checkDigit(first17);
});

const withBirthDate = (birthDate: string) => {
  const first17 = `375000${birthDate}001`;
  return first17 + checkDigit(first17);
};

describe('readIdNumber', () => {
  it('reads the example of GB 11643', () => {
    expect(readIdNumber('11010519491231002X')).toEqual({ ok: true, idNumber: '11010519491231002X' });
    expect(readIdNumber('11010519491231002x')).toEqual({ ok: true, idNumber: '11010519491231002X' });
    expect(readIdNumber('440524188001010014')).toEqual({ ok: true, idNumber: '440524188001010014' });
  });

  it('accepts every number whose check digit was computed', () => {
    fc.assert(
      fc.property(idNumbers, (idNumber) => {
        expect(readIdNumber(idNumber, TODAY)).toEqual({ ok: true, idNumber });
      }),
    );
  });

  it('refuses every change of one digit', () => {
    fc.assert(
      fc.property(idNumbers, fc.nat(16), fc.integer({ min: 1, max: 9 }), (idNumber, at, add) => {
        const digit = (Number(idNumber[at]) + add) % 10;
        expect(readIdNumber(idNumber.slice(0, at) + digit + idNumber.slice(at + 1), TODAY).ok).toBe(false);
      }),
    );
  });

  it('refuses every other check character', () => {
    fc.assert(
      fc.property(idNumbers, fc.constantFrom(...'0123456789X'), (idNumber, character) => {
        expect(readIdNumber(idNumber.slice(0, 17) + character, TODAY).ok).toBe(character === idNumber[17]);
      }),
    );
  });

  it('refuses every swap of two different neighbours', () => {
    fc.assert(
      fc.property(idNumbers, fc.nat(16), (idNumber, at) => {
        fc.pre(idNumber[at] !== idNumber[at + 1]);
        const swapped = idNumber.slice(0, at) + idNumber[at + 1] + idNumber[at] + idNumber.slice(at + 2);
        expect(readIdNumber(swapped, TODAY).ok).toBe(false);
      }),
    );
  });

  it.each([
    ['', 'id_number_length'],
    ['11010549123100', 'id_number_length'],
    ['11010519491231002X ', 'id_number_length'],
    ['1101051949123100２X', 'id_number_characters'],
    ['11010519491231X02X', 'id_number_characters'],
    ['110105194912310021', 'id_number_check_digit'],
    [withBirthDate('20200230'), 'id_number_birth_date'],
    [withBirthDate('20210229'), 'id_number_birth_date'],
    [withBirthDate('19000229'), 'id_number_birth_date'],
    [withBirthDate('20200001'), 'id_number_birth_date'],
    [withBirthDate('20201301'), 'id_number_birth_date'],
    [withBirthDate('00000101'), 'id_number_birth_date'],
    [withBirthDate('20260901'), 'id_number_birth_date'],
  ])('refuses %j: %s', (text, fault) => {
    expect(readIdNumber(text, TODAY)).toEqual({ ok: false, fault });
  });

  it('accepts a leap day and a child born today', () => {
    expect(readIdNumber(withBirthDate('20000229'), TODAY).ok).toBe(true);
    expect(readIdNumber(withBirthDate('20260831'), TODAY).ok).toBe(true);
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(readIdNumber(text, TODAY)).toHaveProperty('ok');
      }),
    );
  });
});

describe('what an ID number says', () => {
  it('gives birth date and sex', () => {
    expect(birthDateOf('11010519491231002X')).toBe('1949-12-31');
    expect(sexOf('11010519491231002X')).toBe('female');
    expect(sexOf('440524188001010014')).toBe('male');
  });

  it.each([
    ['20200831', '2026-08-31', 6],
    ['20200901', '2026-08-31', 5],
    ['20200229', '2026-02-28', 5],
    ['20200229', '2026-03-01', 6],
    ['20200229', '2028-02-29', 8],
    ['20260831', '2026-08-30', -1],
  ])('born %s is, on %s, %i', (birthDate, day, age) => {
    expect(ageOn(withBirthDate(birthDate), day)).toBe(age);
  });
});

describe('isDay', () => {
  it.each([
    ['2026-08-31', true],
    ['2024-02-29', true],
    ['2026-02-29', false],
    ['2026-04-31', false],
    ['2026-8-31', false],
    ['2026-08-31T00:00:00Z', false],
    ['', false],
  ])('%j: %s', (text, expected) => expect(isDay(text)).toBe(expected));
});
