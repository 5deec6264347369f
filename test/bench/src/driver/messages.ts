import type { Drive, Driven } from './drive.js';
import type { HttpAsking } from './http.js';
import type { Addresses } from './queries.js';

/** Asking the agencies without a hub. */
export interface ByHand {
  readonly kind: 'unary' | 'stream';
  readonly addresses: Addresses;
}

/** How a driver makes lookups. */
export type Target = (HttpAsking & { readonly kind: 'http' | 'batches' }) | ByHand;

/** What a driver is told. */
export type Order =
  | { readonly do: 'connect'; readonly file: string; readonly target: Target }
  | { readonly do: 'drive'; readonly plan: Drive };

/** What it says. */
export type Report =
  | { readonly done: 'connect' }
  | { readonly done: 'drive'; readonly driven: Driven }
  | { readonly done: 'failed'; readonly message: string };
