import type { Readable } from 'node:stream';
import type {
  handleBidiStreamingCall,
  handleClientStreamingCall,
  handleServerStreamingCall,
  handleUnaryCall,
  ServerDuplexStream,
  ServerWritableStream,
  UntypedHandleCall,
} from '@grpc/grpc-js';
import { TerminalError, type VouchError } from '@vouch/errors';
import { toGrpcStatus } from './grpc-errors.js';
import { readMessages, writeMessages } from './message-stream.js';
import type { Method } from './method.js';
import type { CallContext } from './port.js';
import { admit, type CallCount, type CallRules, type IncomingCall, openCall } from './server-calls.js';

// Messages reach grpc-js as bytes both ways: decoding and encoding happen here, so that a message that cannot be read or written
// is an error like any other, logged or told with its code.
type Unary = handleUnaryCall<Buffer, Buffer>;
type ServerStream = handleServerStreamingCall<Buffer, Buffer>;
type ClientStream = handleClientStreamingCall<Buffer, Buffer>;
type Bidi = handleBidiStreamingCall<Buffer, Buffer>;

/** An implementation's methods as they are called here, whatever their messages. */
export type AnyImplementation = Readonly<Record<string, (request: never, call: CallContext) => unknown>>;

function decodeRequest(method: Method, bytes: Buffer): unknown {
  try {
    return method.requestDeserialize(bytes);
  } catch (cause) {
    throw new TerminalError('request_invalid', { detail: 'The message cannot be read', cause });
  }
}

/** The grpc-js handler of one method. */
export function toHandler(method: Method, implementation: AnyImplementation, rules: CallRules, count: CallCount): UntypedHandleCall {
  const invoke = (request: unknown, call: CallContext): unknown => {
    const run = implementation[method.key];
    if (!run) throw new TerminalError('route_not_found');
    return run.call(implementation, request as never, call);
  };
  // Nothing to wait for in the common case: no turn of the event loop is spent on it.
  const gated = rules.authorize !== undefined;
  const gate = (incoming: IncomingCall): Promise<void> => admit(incoming, rules, count);

  const readRequests = (call: Readable) => readMessages(call, { decode: (bytes: Buffer) => decodeRequest(method, bytes), doubtEnd: true });

  const unary: Unary = async (call, respond) => {
    const incoming = openCall(call, method, rules, count);
    try {
      if (gated || count.active > rules.maxCalls) await gate(incoming);
      const response = await invoke(decodeRequest(method, call.request), incoming.context);
      const bytes = method.responseSerialize(response);
      if (incoming.over) return;
      incoming.end();
      respond(null, bytes);
    } catch (thrown) {
      if (!incoming.over) respond(toGrpcStatus(incoming.fail(thrown)));
    }
  };

  const clientStream: ClientStream = async (call, respond) => {
    const incoming = openCall(call, method, rules, count);
    const requests = readRequests(call);
    incoming.onCancelled((reason) => requests.fail(reason));
    try {
      await gate(incoming);
      const response = await invoke(requests, incoming.context);
      const bytes = method.responseSerialize(response);
      if (incoming.over) return;
      incoming.end();
      respond(null, bytes);
    } catch (thrown) {
      if (!incoming.over) respond(toGrpcStatus(incoming.fail(thrown)));
    }
  };

  const serverStream: ServerStream = (call) => {
    const incoming = openCall(call, method, rules, count);
    void sendResponses(call, incoming, undefined, async () => {
      await gate(incoming);
      return invoke(decodeRequest(method, call.request), incoming.context);
    });
  };

  const bidi: Bidi = (call) => {
    const incoming = openCall(call, method, rules, count);
    const requests = readRequests(call);
    void sendResponses(
      call,
      incoming,
      (reason) => requests.fail(reason),
      async () => {
        await gate(incoming);
        return invoke(requests, incoming.context);
      },
    );
  };

  async function sendResponses(
    call: ServerWritableStream<Buffer, Buffer> | ServerDuplexStream<Buffer, Buffer>,
    incoming: IncomingCall,
    failRequests: ((reason: VouchError) => void) | undefined,
    open: () => Promise<unknown>,
  ): Promise<void> {
    const writer = writeMessages(call, (message) => method.responseSerialize(message));
    incoming.onCancelled((reason) => {
      failRequests?.(reason);
      writer.stop();
    });
    try {
      await writer.sendAll((await open()) as AsyncIterable<unknown>);
      if (incoming.over) return;
      incoming.end();
      call.end();
    } catch (thrown) {
      if (incoming.over) return;
      // grpc-js takes an error event on the call as its status.
      call.emit('error', toGrpcStatus(incoming.fail(thrown)));
    }
  }

  if (method.requestStream) return (method.responseStream ? bidi : clientStream) as UntypedHandleCall;
  return (method.responseStream ? serverStream : unary) as UntypedHandleCall;
}
