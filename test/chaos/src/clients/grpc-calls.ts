import { randomBytes } from 'node:crypto';
import type { VerificationRequest } from '@vouch/client';
import { meaningOf, VouchError } from '@vouch/errors';
import { CreateVerificationRequest, type LookupServiceService, type Verification } from '@vouch/proto/lookup/v1/lookup';
import type { CallContext, Port } from '@vouch/rpc';
import type { DemoFile } from '@vouch/showcase';
import type { History, Note } from '../history.js';
import type { Edge } from '../system/start-system.js';
import { type CallNote, codeOf, type Outcome, patienceOf, phaseOfProblem } from './call.js';
import { toAnswer } from './grpc-answer.js';

type Token = () => Promise<string>;
type LookupPort = Port<LookupServiceService>;

/** Lookups over gRPC; each call goes into the history, before it is sent and when it is known what came of it. */
export interface GrpcCalls {
  verify(edge: Edge, port: LookupPort, note: CallNote, token: Token, body: VerificationRequest): Promise<Outcome>;
  read(edge: Edge, port: LookupPort, note: CallNote, token: Token, id: string): Promise<Outcome>;
  /** Follows it until it ends or patience does. */
  watch(edge: Edge, port: LookupPort, note: CallNote, token: Token, id: string): Promise<Outcome>;
}

/** What calls over gRPC are made of. */
export interface GrpcCallsOptions {
  readonly name: string;
  readonly demo: DemoFile;
  readonly history: History;
}

/** Calls of the client called `name`. */
export function createGrpcCalls({ name, demo, history }: GrpcCallsOptions): GrpcCalls {
  /** Told of each message; what came last is what came of the call. */
  type Tell = (verification: Verification | undefined, sequence?: number) => void;

  async function noted(edge: Edge, note: CallNote, token: Token, work: (call: CallContext, tell: Tell) => Promise<void>): Promise<Outcome> {
    const trace = { traceId: randomBytes(16).toString('hex'), spanId: randomBytes(8).toString('hex'), sampled: true };
    const common: Omit<Note, 'phase'> = {
      client: name,
      call: history.nextCall(),
      edge: edge.name,
      over: 'grpc',
      trace: trace.traceId,
      ...note,
    };
    const metadata = { authorization: `Bearer ${await token()}`, ...(note.key === undefined ? {} : { 'idempotency-key': note.key }) };
    const patienceMs = patienceOf(note);
    const deadline = new Date(Date.now() + patienceMs);
    let outcome: Outcome = { phase: 'unknown', code: 'no_answer' };
    history.note({ ...common, phase: 'sent' });
    const end = (ended: Outcome, more: Partial<Note> = {}): void => {
      outcome = ended;
      history.note({ ...common, ...outcome, ...more });
    };
    try {
      await work({ signal: AbortSignal.timeout(patienceMs), deadline, trace, metadata }, (verification, sequence) => {
        if (!verification) throw new Error('there is no verification in the answer');
        const answer = toAnswer(verification, demo);
        end({ phase: 'answered', answer, verification: answer.id }, sequence === undefined ? {} : { sequence });
      });
    } catch (failure) {
      end(toOutcome(failure));
    }
    return outcome;
  }

  return {
    verify: (edge, port, note, token, body) =>
      noted(edge, note, token, async (call, tell) => tell((await port.createVerification(toMessage(body), call)).verification)),
    read: (edge, port, note, token, id) =>
      noted(edge, note, token, async (call, tell) => tell((await port.getVerification({ id }, call)).verification)),
    watch: (edge, port, note, token, id) =>
      noted(edge, note, token, async (call, tell) => {
        for await (const { verification, sequence } of port.watchVerification({ id, afterSequence: 0 }, call)) tell(verification, sequence);
      }),
  };
}

/** What lookups of this workload hold, as the message. */
function toMessage({ purpose, region, requirementSet, subjects, legalBasis, timeBudgetMs, retryForSeconds }: VerificationRequest) {
  return CreateVerificationRequest.create({
    purpose,
    region,
    requirementSet,
    subjects: { ...subjects },
    legalBasis: {
      basis: legalBasis.type === 'consent' ? { $case: 'consentId', value: legalBasis.consentId } : { $case: 'statutoryDuty', value: {} },
    },
    timeBudgetMs,
    retryForSeconds,
  });
}

function toOutcome(failure: unknown): Outcome {
  if (!(failure instanceof VouchError)) return { phase: 'unknown', code: codeOf(failure) };
  const { code, verificationId } = failure;
  return {
    phase: phaseOfProblem(meaningOf(code).http, code),
    code,
    ...(verificationId === undefined ? {} : { verification: verificationId }),
  };
}
