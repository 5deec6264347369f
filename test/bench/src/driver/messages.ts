import type { Drive, Driven } from './drive.js';
import type { Addresses } from './queries.js';

/** How a driver makes lookups. */
export type Target =
  | { readonly kind: 'http'; readonly url: string; readonly token: string }
  | { readonly kind: 'unary' | 'stream'; readonly addresses: Addresses };

/** What a driver is told. */
export type Order =
  | { readonly do: 'connect'; readonly file: string; readonly target: Target }
  | { readonly do: 'drive'; readonly plan: Drive };

/** What it says. */
export type Report =
  | { readonly done: 'connect' }
  | { readonly done: 'drive'; readonly driven: Driven }
  | { readonly done: 'failed'; readonly message: string };
