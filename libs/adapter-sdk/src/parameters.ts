import { z } from 'zod';

/** A day, `YYYY-MM-DD`, Asia/Shanghai. Bounds given as days are inclusive. */
export const day = () => z.iso.date();

/** A month, `YYYY-MM`, or a day in it. */
export const monthOrDay = () => z.union([z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'Expected YYYY-MM'), z.iso.date()]);

/** A GB/T 2260 code: province (2 digits), city (4) or county (6). */
export const regionCode = () => z.string().regex(/^[1-9]\d(\d{2}){0,2}$/, 'Expected a region code of 2, 4 or 6 digits');

/** A region code, or a longer address code that begins with a county's. */
export const regionOrAddressCode = () =>
  z.string().regex(/^[1-9]\d(\d{2}|\d{4}|\d{4,16})?$/, 'Expected a region code of 2, 4 or 6 digits, or a longer address code');
