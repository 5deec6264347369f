import { createServer, type RequestListener, type Server } from 'node:http';
import { VouchError } from '@vouch/errors';
import { BOUNDS } from '../batches/bounds.js';
import type { Admission } from '../callers/admission.js';
import { toRefusal } from './errors.js';
import { cutSlowReaders } from './slow-readers.js';

/** How long a request may take to arrive whole, milliseconds. */
export const RECEIVE_TIMEOUT_MS = 10_000;
/** How long its head may take, milliseconds. */
export const HEADERS_TIMEOUT_MS = 5_000;
/** How long nothing may move on a connection with a request, milliseconds; longer than the longest answer: withdrawing waits for leases to end. */
export const SOCKET_IDLE_MS = 30_000;
/** How long a connection is kept without a request, milliseconds. */
export const KEEP_ALIVE_MS = 65_000;
/** How long an answer that is being sent may make no headway, milliseconds. */
export const SEND_STALL_MS = 10_000;
/** Connections; further ones are closed at once. Far more than the requests that are let in, since connections are kept. */
export const MOST_CONNECTIONS = 10_000;
/** Largest head, bytes. */
export const LARGEST_HEAD = 16_384;
/** Most header fields; further ones are dropped by node, and those that matter come early. */
export const MOST_HEADERS = 200;
/** Requests on one connection before it is closed, so that balancers get to spread them. */
export const MOST_REQUESTS_PER_SOCKET = 10_000;

// How often node looks for requests that are late; every 30 s unless told.
const LATE_CHECK_MS = 1_000;
// What is turned away is read to its end so that the connection can be kept, unless that is much.
const READ_AWAY_BYTES = 64 * 1024;

/** What a server is told by its tests; else the bounds above. */
export interface ServerBounds {
  readonly receiveWithinMs?: number;
  readonly uploadWithinMs?: number;
  readonly sendStallMs?: number;
  readonly idleMs?: number;
  readonly keepAliveMs?: number;
}

/**
 * An HTTP/1.1 server whose connections are bounded in time, number and size, and which turns requests away when there is no room for them:
 * before anything is made of them, with an answer that costs next to nothing, on a connection that is kept.
 */
export function createBoundedServer(listener: RequestListener, admission: Pick<Admission, 'assertRoom'>, bounds: ServerBounds): Server {
  const {
    receiveWithinMs = RECEIVE_TIMEOUT_MS,
    uploadWithinMs = BOUNDS.longestUploadMs,
    sendStallMs = SEND_STALL_MS,
    idleMs = SOCKET_IDLE_MS,
    keepAliveMs = KEEP_ALIVE_MS,
  } = bounds;
  const server = createServer(
    {
      maxHeaderSize: LARGEST_HEAD,
      headersTimeout: Math.min(HEADERS_TIMEOUT_MS, receiveWithinMs),
      // As long as an upload of rows may take; what is no upload has less: see receive-within.ts.
      requestTimeout: uploadWithinMs,
      connectionsCheckingInterval: Math.min(LATE_CHECK_MS, receiveWithinMs),
      keepAliveTimeout: keepAliveMs,
      // Asked for by the app: node's own answer has no body.
      requireHostHeader: false,
    },
    (request, response) => {
      const refusal = refusalOf(request.url ?? '', admission);
      if (!refusal) {
        listener(request, response);
        return;
      }
      const { status, headers, body } = toRefusal(refusal);
      const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
      if (encoding !== undefined || Number(length ?? 0) > READ_AWAY_BYTES) response.shouldKeepAlive = false;
      response.writeHead(status, headers).end(body);
    },
  );
  server.setTimeout(idleMs);
  server.maxConnections = MOST_CONNECTIONS;
  server.maxHeadersCount = MOST_HEADERS;
  server.maxRequestsPerSocket = MOST_REQUESTS_PER_SOCKET;
  cutSlowReaders(server, sendStallMs);
  return server;
}

function refusalOf(url: string, admission: Pick<Admission, 'assertRoom'>): VouchError | undefined {
  // Who asks whether the process lives must not hear that it is busy: it would be restarted.
  if (url.startsWith('/health/')) return undefined;
  try {
    admission.assertRoom();
    return undefined;
  } catch (failure) {
    if (failure instanceof VouchError) return failure;
    throw failure;
  }
}
