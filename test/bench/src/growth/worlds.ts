/** A Vouch of a certain size, for telling whether cost grows with it. */
export interface World {
  readonly name: string;
  readonly title: string;
  /** Families that the registries know. */
  readonly families: number;
  /** Consents stored before measuring. */
  readonly consents: number;
  /** Verifications stored before measuring, with their redemptions and audit records. */
  readonly verifications: number;
}

const BASE = { families: 100_000, consents: 30_000, verifications: 30_000 };
const TIMES = 10;

/** Name of the world that the others are compared with. */
export const BASE_WORLD = 'base';

/** One world as it is, and one for each thing that grows. */
export const WORLDS: readonly World[] = [
  { ...BASE, name: BASE_WORLD, title: `${BASE.families} families, ${BASE.consents} consents, ${BASE.verifications} verifications` },
  { ...BASE, name: 'population', title: `base with ${TIMES} times the families`, families: BASE.families * TIMES },
  { ...BASE, name: 'consents', title: `base with ${TIMES} times the consents`, consents: BASE.consents * TIMES },
  { ...BASE, name: 'history', title: `base with ${TIMES} times the verifications`, verifications: BASE.verifications * TIMES },
];
