import { v7 } from 'uuid';
import { createRandomBytes } from './random-bytes.js';

const fromPool = { rng: () => createRandomBytes(16) };

/** A new id: a UUID of version 7, so that those made later sort later, to the millisecond. */
export const createUuid = (): string => v7(fromPool);
