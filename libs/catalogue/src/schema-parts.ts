import { isRegion } from '@vouch/identity';
import { z } from 'zod';

/** A name in the catalogue. */
export const id = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'must be lower-case words joined by hyphens');
/** A role of a claim type, or a disclosure. */
export const role = z.string().regex(/^[a-z][A-Za-z0-9]{0,31}$/, 'must be a role in camelCase');
/** A region. */
export const region = z.string().refine(isRegion, 'must be a GB/T 2260 code of 2, 4 or 6 digits in quotes');
/** A claim type's name. */
export const claimTypeName = z.string().regex(/^[a-z][a-z-]*\.[a-z][a-z0-9-]*$/, 'must be <agency>.<name>');
/** A requirement set's id. */
export const setId = z.string().regex(/^\d{2,6}\/[a-z-]+\/\d{4}$/, 'must be <region>/<stage>/<year>');
