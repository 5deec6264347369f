import type { LinkState } from '../system/proxy.js';

/** What is done to the system. */
export type Fault =
  /** `kill -9` of a process; its supervisor starts it again. */
  | { readonly kind: 'kill'; readonly process: string }
  | { readonly kind: 'kill-broker' }
  | { readonly kind: 'kill-database' }
  /** `kill -9` of everything at once. */
  | { readonly kind: 'kill-all' }
  /** No file of the broker or of the database may grow beyond so many bytes: writes fail. At the end it starts again without that. */
  | { readonly kind: 'disk'; readonly server: Server; readonly limitBytes: number }
  /** SIGSTOP, and SIGCONT at the end. */
  | { readonly kind: 'pause'; readonly process: string }
  | { readonly kind: 'link'; readonly link: string; readonly state: LinkState }
  /** The wall clock of a process is set by so much, and back at the end. */
  | { readonly kind: 'clock'; readonly process: string; readonly stepMs: number }
  /** A registry takes queries and never answers them, or fails a share of them. */
  | { readonly kind: 'agency'; readonly agency: string; readonly fault: 'hang' | 'errors' };

/** A fault with its time. */
export interface PlannedFault {
  /** Milliseconds after the start of the faults. */
  readonly atMs: number;
  /** How long it lasts; for a broker and a database, how long they are down. */
  readonly forMs: number;
  readonly fault: Fault;
}

/** What there is to break. */
export interface Topology {
  readonly processes: readonly string[];
  readonly links: readonly string[];
  readonly agencies: readonly string[];
}

/** Names for the broker and the database, beside those of processes. */
export const BROKER = 'broker';
export const DATABASE = 'database';
/** All of them at once. */
export const EVERYTHING = 'everything';
type Server = typeof BROKER | typeof DATABASE;

/** What a fault breaks: a process, the broker, the database, a link (`from->to`), or everything. */
export function partOf(fault: Exclude<Fault, { readonly kind: 'agency' }>): string {
  switch (fault.kind) {
    case 'kill-broker':
      return BROKER;
    case 'kill-database':
      return DATABASE;
    case 'kill-all':
      return EVERYTHING;
    case 'disk':
      return fault.server;
    case 'link':
      return fault.link;
    default:
      return fault.process;
  }
}

/** A fault in a few words. */
export function describeFault({ fault, forMs }: PlannedFault): string {
  const seconds = `${(forMs / 1000).toFixed(1)} s`;
  switch (fault.kind) {
    case 'kill':
      return `kill -9 ${fault.process}`;
    case 'kill-broker':
      return `kill -9 broker, down ${seconds}`;
    case 'kill-database':
      return `kill -9 database, down ${seconds}`;
    case 'kill-all':
      return 'kill -9 of everything';
    case 'disk':
      return `writes of ${fault.server} fail beyond ${fault.limitBytes} bytes ${seconds}`;
    case 'pause':
      return `pause ${fault.process} ${seconds}`;
    case 'link':
      return `${fault.state.kind}${fault.state.kind === 'silent' ? ` (${fault.state.way})` : ''}${fault.state.kind === 'slow' ? ` by ${fault.state.delayMs} ms` : ''} ${fault.link} ${seconds}`;
    case 'clock':
      return `clock of ${fault.process} ${fault.stepMs > 0 ? '+' : ''}${fault.stepMs} ms for ${seconds}`;
    case 'agency':
      return `${fault.agency} ${fault.fault} ${seconds}`;
  }
}
