import { randomBytes } from 'node:crypto';
import { type Answer, toCommitted } from '../answer.js';
import type { BatchSeen, RowSeen } from '../batch.js';
import type { ConsentSeen, History, Note, Operation } from '../history.js';
import type { Edge } from '../system/start-system.js';

/** What came of a call, as its history has it. */
export interface Outcome {
  readonly phase: 'answered' | 'refused' | 'unknown';
  readonly code?: string;
  readonly answer?: Answer;
  readonly seen?: ConsentSeen;
  readonly verification?: string;
  readonly batch?: string;
  readonly batchSeen?: BatchSeen;
  readonly results?: readonly RowSeen[];
}

/** A request over HTTP. */
export interface Request {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** JSON unless `contentType` says otherwise. */
  readonly body?: string;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly token: () => Promise<string>;
}

/** What a client writes down of a call before it is sent. */
export type CallNote = Omit<Note, 'client' | 'call' | 'phase' | 'edge' | 'over' | 'trace'>;

/** Calls of one client; each goes into the history, before it is sent and when it is known what came of it. */
export type Caller = (edge: Edge, note: CallNote, request: Request) => Promise<Outcome>;

const PATIENCE_MS: Readonly<Record<Operation, number>> = {
  'request-consent': 8_000,
  grant: 12_000,
  refuse: 8_000,
  withdraw: 16_000,
  'read-consent': 6_000,
  verify: 12_000,
  'read-verification': 6_000,
  'watch-verification': 15_000,
  'submit-batch': 12_000,
  'pause-batch': 6_000,
  'resume-batch': 6_000,
  'cancel-batch': 6_000,
  'read-batch': 6_000,
  'read-results': 15_000,
};

/** How long a client waits for the end of a call, milliseconds. */
export const patienceOf = ({ operation, waitSeconds = 0 }: Pick<Note, 'operation' | 'waitSeconds'>): number =>
  PATIENCE_MS[operation] + waitSeconds * 1_000;

/** Calls of the client called `name`. */
export function createCaller(name: string, history: History): Caller {
  return async (edge, note, request) => {
    const trace = randomBytes(16).toString('hex');
    const { rows, ...said } = note;
    const common = { client: name, call: history.nextCall(), edge: edge.name, trace, ...said };
    const token = await request.token();
    history.note({ ...common, ...(rows && { rows }), phase: 'sent' });
    let outcome: Outcome & Partial<Pick<Note, 'status'>>;
    try {
      const response = await fetch(new URL(request.path, edge.httpUrl), {
        method: request.method,
        headers: {
          authorization: `Bearer ${token}`,
          accept: 'application/json',
          traceparent: `00-${trace}-${randomBytes(8).toString('hex')}-01`,
          ...(request.body === undefined ? {} : { 'content-type': request.contentType ?? 'application/json' }),
          ...(note.key === undefined ? {} : { 'idempotency-key': note.key }),
          ...request.headers,
        },
        ...(request.body === undefined ? {} : { body: request.body }),
        signal: AbortSignal.timeout(patienceOf(note)),
      });
      outcome = toOutcome(response.status, await response.text(), note.operation);
    } catch (failure) {
      outcome = { phase: 'unknown', code: codeOf(failure) };
    }
    history.note({ ...common, ...outcome });
    return outcome;
  };
}

interface Body {
  readonly id?: string;
  readonly status?: string | number;
  readonly uses?: number;
  readonly code?: string;
  readonly verificationId?: string;
}

// The request did not arrive in time, somebody else is at it, or too many came at once.
const PASSING = [408, 409, 429];
// Two decided at once, or the batch has ended: a repeat will not change it.
const DEFINITE_CONFLICTS = ['consent_closed', 'batch_closed'];

/** What is refused was not done; of what failed on our side or is under way elsewhere nobody knows. */
export function phaseOfProblem(status: number, code: string): 'refused' | 'unknown' {
  const unknown = (status >= 500 || PASSING.includes(status)) && !DEFINITE_CONFLICTS.includes(code);
  return unknown ? 'unknown' : 'refused';
}

function toOutcome(status: number, text: string, operation: Operation): Outcome & { status: number } {
  if (status < 300) return { phase: 'answered', status, ...toAcknowledged(text, operation) };
  const { code = `http_${status}`, ...body } = JSON.parse(text) as Body;
  const about = body.verificationId ?? (code === 'verification_gone' ? body.id : undefined);
  const named = about === undefined ? {} : { verification: about };
  return { phase: phaseOfProblem(status, code), status, code, ...named };
}

function toAcknowledged(text: string, operation: Operation): Omit<Outcome, 'phase'> {
  switch (operation) {
    case 'verify':
    case 'read-verification':
    case 'watch-verification': {
      const answer = toCommitted(JSON.parse(text));
      return { answer, verification: answer.id };
    }
    case 'submit-batch':
    case 'pause-batch':
    case 'resume-batch':
    case 'cancel-batch':
    case 'read-batch': {
      const { id, status, rows } = JSON.parse(text) as BatchSeen;
      return { batch: id, batchSeen: { id, status, rows } };
    }
    case 'read-results':
      return {
        results: text
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => JSON.parse(line) as RowSeen),
      };
    default: {
      const { id = '', status, uses } = JSON.parse(text) as Body;
      return { seen: { id, status: String(status), ...(uses === undefined ? {} : { uses }) } };
    }
  }
}

/** What went wrong on the way. */
export function codeOf(failure: unknown): string {
  if (!(failure instanceof Error)) return 'failed';
  const { cause } = failure as { cause?: { code?: string } };
  return cause?.code ?? (failure.name === 'TimeoutError' ? 'no_answer' : failure.name);
}
