import { constants, type ServerHttp2Stream } from 'node:http2';
import type { ServerInterceptingCall, ServerInterceptingCallInterface, ServerInterceptor } from '@grpc/grpc-js';
import { RetryableError, TerminalError, type VouchError } from '@vouch/errors';
import { toGrpcStatus } from './grpc-errors.js';

/** How long the one request of a call may take to arrive, milliseconds. */
export const RECEIVE_WITHIN_MS = 10_000;

/**
 * Bounds calls whose one request has not arrived whole, in time and in number: grpc-js tells nobody of them before, so that they would be
 * neither authorized nor counted, and a caller who sends half a request could keep it here for ever. Calls with a stream of requests begin
 * without one, and are bounded where they are opened.
 */
export function receiveWhole({ withinMs, most }: { readonly withinMs: number; readonly most: number }): ServerInterceptor {
  let receiving = 0;
  return (method, call) => {
    // grpc-js wraps what it gets back by itself where it has to.
    if (method.requestStream) return call as ServerInterceptingCall;
    const start = call.start.bind(call);
    call.start = (listener) => {
      if (receiving >= most) return refuse(call, new RetryableError('overloaded'));
      receiving += 1;
      let waiting = true;
      const over = (): void => {
        clearTimeout(timer);
        if (waiting) receiving -= 1;
        waiting = false;
      };
      const timer = setTimeout(() => {
        over();
        refuse(call, new TerminalError('request_timeout'));
      }, withinMs);
      start({
        onReceiveMetadata: (metadata) => listener.onReceiveMetadata(metadata),
        onReceiveMessage: (message) => listener.onReceiveMessage(message),
        onReceiveHalfClose() {
          over();
          listener.onReceiveHalfClose();
        },
        onCancel() {
          over();
          listener.onCancel();
        },
      });
    };
    return call as ServerInterceptingCall;
  };
}

/** Answers, and takes nothing more of the request: it would otherwise stay open for as long as the caller likes. */
function refuse(call: ServerInterceptingCallInterface, error: VouchError): void {
  call.sendStatus(toGrpcStatus(error));
  const { stream } = call as ServerInterceptingCallInterface & { readonly stream?: ServerHttp2Stream };
  stream?.close(constants.NGHTTP2_NO_ERROR);
}
