import type { z } from 'zod';
import { PROBLEM_TYPE } from '../requests/problem.js';
import { goneSchema, problemSchema } from './schemas.js';

/** One answer of a route, for the OpenAPI description. */
export const json = (description: string, schema: z.ZodType) => ({ description, content: { 'application/json': { schema } } });

const PROBLEMS: Readonly<Record<number, string>> = {
  400: 'The request has faults, all of them listed',
  401: 'A valid bearer token is needed',
  403: 'Refused: no right, or no basis',
  404: 'There is no such thing, for this caller',
  406: 'None of the accepted media types can be served',
  408: 'The request did not arrive in time',
  409: 'In conflict with the state of things, or with a request under way',
  413: 'The body is larger than it may be',
  415: 'The body has a type, charset or encoding that is not read here',
  422: 'The idempotency key was used with another request, or an upload cannot be read',
  429: 'Too many requests: Retry-After says when to come again',
  500: 'Something went wrong here',
  503: 'A part that is needed cannot be reached, or Vouch is busy',
};

/** Problems that a route may answer with, beside those that every guarded route may. */
export function problems(...statuses: number[]) {
  const all = [...new Set([...statuses, 401, 403, 406, 429, 500, 503])].sort();
  return Object.fromEntries(
    all.map((status) => [status, { description: PROBLEMS[status] ?? '', content: { [PROBLEM_TYPE]: { schema: problemSchema } } }]),
  );
}

/** The answer 410. */
export const gone = { 410: { description: 'Erased', content: { [PROBLEM_TYPE]: { schema: goneSchema } } } };

/** Security of a guarded route. */
export const bearer = (scope: string) => [{ oauth2: [scope] }];
