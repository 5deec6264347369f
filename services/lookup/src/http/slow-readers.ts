import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

interface Sending {
  readonly response: ServerResponse;
  readonly socket: Socket;
  /** Bytes that had left this process when it was last looked at. */
  gone: number;
  stalledLooks: number;
}

const LOOKS = 4;

/**
 * Cuts the connections of callers that do not read their answers: when nothing of an answer could be sent for `stallMs` (and up to a quarter
 * more). Else each would hold its answer, and a closing server, for as long as it likes.
 */
export function cutSlowReaders(server: Server, stallMs: number): void {
  const underWay = new Map<ServerResponse, Sending>();

  function look(): void {
    for (const sending of underWay.values()) {
      const { socket, response } = sending;
      const left = socket.writableLength;
      const gone = socket.bytesWritten - left;
      const stalled = response.headersSent && left > 0 && gone === sending.gone;
      sending.gone = gone;
      sending.stalledLooks = stalled ? sending.stalledLooks + 1 : 0;
      if (sending.stalledLooks >= LOOKS) socket.destroy();
    }
  }

  server.on('request', (_request, response) => {
    const { socket } = response;
    if (!socket) return;
    underWay.set(response, { response, socket, gone: 0, stalledLooks: 0 });
    response.once('close', () => {
      underWay.delete(response);
      // A server that closes has closed its idle connections; those that become idle later would be kept.
      if (!server.listening) setImmediate(() => server.closeIdleConnections());
    });
  });
  const timer = setInterval(look, Math.max(1, stallMs / LOOKS)).unref();
  server.on('close', () => clearInterval(timer));
}
