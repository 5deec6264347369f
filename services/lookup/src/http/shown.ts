import { TerminalError } from '@vouch/errors';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Explainer } from '../explaining/explainer.js';
import { headersOf, PROBLEM_TYPE, toProblem, toSeconds } from '../requests/problem.js';
import { toAnswer, toTombstone } from '../verifying/answer.js';
import type { Shown } from '../verifying/lookup.js';
import { callerOf } from './exchange.js';
import { languageOf } from './language.js';

/** The client whose verifications are read. They are their platform's; for anybody else there are none. */
export function platformOf(request: FastifyRequest): string {
  const caller = callerOf(request);
  if (caller.kind !== 'platform') throw new TerminalError('verification_not_found');
  return caller.clientId;
}

/** Body of what is left of a verification that is gone. */
export const toGone = ({ verification }: Shown, traceId: string) => ({
  ...toProblem(new TerminalError('verification_gone'), traceId),
  ...toTombstone(verification),
});

/** How verifications are sent. */
export interface Sending {
  readonly explainer: Explainer;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  /** Status of an answer that is pending; 200 unless said. */
  readonly pendingStatus?: number;
}

/** Sends a verification with its explanation, or 410 with what is left of it. */
export async function sendShown(shown: Shown, { explainer, request, reply, pendingStatus = 200 }: Sending): Promise<FastifyReply> {
  const { kind, verification } = shown;
  const { span } = request.exchange;
  if (span.recording)
    span.set({ 'vouch.verification_id': verification.id, 'vouch.status': verification.status, 'vouch.region': verification.region });
  if (kind === 'gone') {
    const headers = headersOf(new TerminalError('verification_gone'));
    return reply
      .code(410)
      .headers(headers)
      .type(PROBLEM_TYPE)
      .send(JSON.stringify(toGone(shown, span.context.traceId)));
  }
  const pending = verification.status === 'pending';
  if (pending && verification.retryAt) void reply.header('retry-after', toSeconds(verification.retryAt.getTime() - Date.now()));
  void reply.code(pending ? pendingStatus : 200).header('cache-control', 'no-store');
  if (verification.requirementSet === undefined) return reply.send(toAnswer(verification));
  const explanation = await explainer.explain(verification, languageOf(request, reply));
  return reply.send({ ...toAnswer(verification), explanation });
}
