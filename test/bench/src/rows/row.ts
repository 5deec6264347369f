import { NODE_FLAGS } from '@vouch/local';
import type { Driver } from '../driver/driver.js';
import type { Collector } from '../parts/collector.js';
import type { RealParts } from '../parts/real-parts.js';
import type { Registries } from '../parts/registries.js';
import type { Topics } from '../parts/topic-reader.js';
import type { Groups } from '../processes/usage.js';

/** What rows are made of. */
export interface Ground {
  /** Folder of the run. */
  readonly folder: string;
  /** Lookups, for drivers. */
  readonly lookupFile: string;
  readonly catalogueDir: string;
  readonly keyFile: string;
  readonly parts: RealParts;
  readonly topics: Topics;
  readonly registries: Registries;
  readonly collector: Collector;
  readonly issuer: { readonly url: string; token(): Promise<string> };
  /** Databases of this run on the server of the parts. */
  readonly databases: { readonly vouch: string; readonly naive: string };
  /** Where CPU profiles of a row's processes go, if they are wanted. */
  readonly profileDir: string | undefined;
  readonly log: (line: string) => void;
}

/** One way of making lookups. */
export interface Row {
  readonly name: string;
  /** What it is, for the table. */
  readonly title: string;
  /** Whether it has no callers: it is then measured once, beside the rows with the first number of callers. */
  readonly byBatches?: boolean;
  start(ground: Ground): Promise<RunningRow>;
}

/** A row that can be driven. Closing it stops its processes. */
export interface RunningRow extends AsyncDisposable {
  readonly driver: Driver;
  /** Address of its HTTP API, if it has one. */
  readonly httpUrl?: string;
  /** Its processes by name, without those that all rows share. */
  readonly processes: Groups;
  /** Resolves when nothing is left to do for the lookups that were answered. */
  drained(): Promise<void>;
  /** Throws unless all these lookups are in the database and on the topic; called after they have drained, some rows also wait for their end. */
  check(ids: readonly string[]): Promise<void>;
}

/** Arguments of Node for a row's process: as services are started, the same for every row, and a CPU profile if one is wanted. */
export const nodeArgs = ({ profileDir }: Pick<Ground, 'profileDir'>): string[] =>
  profileDir === undefined ? [...NODE_FLAGS] : [...NODE_FLAGS, '--cpu-prof', `--cpu-prof-dir=${profileDir}`];
