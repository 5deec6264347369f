export { whenAborted } from './abort.js';
export { type ClientTls, type DialOptions, dial } from './dial.js';
export { grpcStatusOf } from './grpc-errors.js';
export { bindInProcess, type InProcessOptions } from './in-process.js';
export type { CallContext, MethodDefinition, Port, PortMethod, ServiceDefinition } from './port.js';
export {
  type GrpcServer,
  type GrpcServerOptions,
  type ServedService,
  type ServerTls,
  served,
  startGrpcServer,
} from './server.js';
