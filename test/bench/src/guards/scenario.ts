import type { Ground, RunningRow } from '../rows/row.js';

/** What a scenario has to work with. */
export interface Stage {
  readonly ground: Ground;
  readonly hub: RunningRow & { readonly httpUrl: string };
  /** Lookups a second that the hub makes at best, with 64 callers. */
  readonly peak: number;
  /** Lookups with a consent. */
  readonly lookups: number;
  /** Length of one measurement, milliseconds. */
  readonly measureMs: number;
}

/** One promise about a hub in trouble: something measured beside the same without the trouble. */
export interface Finding {
  readonly promise: string;
  /** What it was with the trouble, and without. */
  readonly measured: number;
  readonly beside: number;
  readonly unit: 'a second' | 'ms' | 'MB';
}

/** A scenario, run once a round. */
export type Scenario = (stage: Stage) => Promise<readonly Finding[]>;
