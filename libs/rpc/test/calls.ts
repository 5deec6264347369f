import { VouchError } from '@vouch/errors';
import type { GetBasisRequest } from '@vouch/proto/consent/v1/consent';
import type { CheckStreamRequest, CheckStreamResponse } from '@vouch/proto/evidence/v1/evidence';
import { expect } from 'vitest';
import type { CallContext } from '../src/index.js';
import type { Bound } from './bindings.js';

export const call = (more: Partial<CallContext> = {}): CallContext => ({ signal: new AbortController().signal, ...more });
export const soon = (ms = 200): Date => new Date(Date.now() + ms);
export const basis: GetBasisRequest = { verificationId: 'v1' };
export const window = (size: number): CheckStreamResponse => ({ answers: [], window: size, draining: false });
export const cancel = (...ids: string[]): CheckStreamRequest => ({ queries: [], cancelledQueryIds: ids });
/** Connects, so that what a test measures does not begin with it. */
export const ready = { getBasis: async () => ({ disclosureAllowed: true }) };
export const never = (): Promise<never> => new Promise(() => undefined);

export async function* cancellations(count: number, payload = ''): AsyncGenerator<CheckStreamRequest> {
  for (let i = 0; i < count; i++) yield cancel(String(i), payload);
}

export async function collect<T>(messages: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const message of messages) all.push(message);
  return all;
}

/** The error that a call rejects with. */
export async function errorOf(work: Promise<unknown>): Promise<VouchError> {
  const failure = await work.then(
    () => undefined,
    (thrown) => thrown,
  );
  expect(failure).toBeInstanceOf(VouchError);
  return failure as VouchError;
}

/** Many round trips: enough for whatever is going to be sent to be sent. */
export async function settle(bound: Bound): Promise<void> {
  for (let i = 0; i < 50; i++) await bound.redemption.getBasis(basis, call());
}
