import { Socket } from 'node:net';
import type { FastifyRequest } from 'fastify';
import { answerSocket } from './errors.js';

/**
 * Ends a request whose body has not arrived whole in time. Node has one limit for all requests, which is as long as an upload of rows may
 * take; everybody else has this one.
 */
export function receiveWithin({ raw }: FastifyRequest, ms: number): void {
  const hasBody = raw.headers['transfer-encoding'] !== undefined || Number(raw.headers['content-length'] ?? 0) > 0;
  if (!hasBody || raw.complete) return;
  const timer = setTimeout(() => {
    if (!raw.complete && raw.socket instanceof Socket)
      answerSocket(Object.assign(new Error('too slow'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' }), raw.socket);
  }, ms);
  timer.unref();
  raw.once('close', () => clearTimeout(timer));
}
