import { TerminalError } from '@vouch/errors';
import { z } from 'zod';
import type { PageStart } from './store.js';

const shape = z.tuple([z.iso.datetime(), z.guid()]);

/** The token of the page after an entry. It holds a time and a verification's id, and stays good as entries are added. */
export const toPageToken = ({ at, verificationId }: PageStart): string =>
  Buffer.from(JSON.stringify([at.toISOString(), verificationId])).toString('base64url');

/** Reads a token; empty: the first page. Throws `request_invalid` for one that is not ours. */
export function readPageToken(token: string): PageStart | undefined {
  if (token === '') return undefined;
  try {
    const [at, verificationId] = shape.parse(JSON.parse(Buffer.from(token, 'base64url').toString('utf8')));
    return { at: new Date(at), verificationId };
  } catch {
    throw new TerminalError('request_invalid', {
      faults: [{ pointer: '/pageToken', code: 'page_token_invalid', detail: 'Not a token of this list' }],
    });
  }
}
