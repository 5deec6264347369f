import { Writable } from 'node:stream';
import pino from 'pino';
import pretty from 'pino-pretty';

/** Writes one line of JSON an event. Give `logger.child({ trace: context.traceId })` to what belongs to one request. */
export type Logger = pino.Logger;

/** How logs are written. */
export interface LoggerConfig {
  /** Service that writes, field `service`. */
  readonly serviceName: string;
  /** `trace`, `debug`, `info`, `warn`, `error`, `fatal` or `silent`. */
  readonly logLevel: string;
  /** Lines for people instead of JSON. */
  readonly prettyLogs: boolean;
  /** Where lines go; standard output unless said. */
  readonly logDestination?: { write(line: string): void };
}

const LIKE_ID_NUMBER = /\d{17}[\dXx]/g;
const DEEPEST_CAUSE = 4;

/** Text of an error without anything that looks like an ID number; a second fence, not a licence to log people. */
function safe(text: string): string {
  return text.replace(LIKE_ID_NUMBER, '[id number]');
}

interface ErrorFields {
  readonly type: string;
  readonly message: string;
  readonly code?: string;
  readonly stack?: string;
  readonly cause?: ErrorFields;
}

/**
 * An error as plain fields. Only these: drivers hang whole rows and requests on their errors.
 */
function toErrorFields(thrown: unknown, depth = 0): ErrorFields {
  if (!(thrown instanceof Error)) return { type: typeof thrown, message: typeof thrown === 'string' ? safe(thrown) : 'not an error' };
  const { code } = thrown as { code?: unknown };
  return {
    type: thrown.name,
    message: safe(thrown.message),
    ...(typeof code === 'string' || typeof code === 'number' ? { code: String(code) } : {}),
    ...(thrown.stack === undefined ? {} : { stack: safe(thrown.stack) }),
    ...(thrown.cause === undefined || depth >= DEEPEST_CAUSE ? {} : { cause: toErrorFields(thrown.cause, depth + 1) }),
  };
}

/** A logger. Log ids, codes, counts and errors as `err`; never objects that may hold a person. */
export function createLogger(config: LoggerConfig): Logger {
  const options: pino.LoggerOptions = {
    level: config.logLevel,
    base: { service: config.serviceName },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { err: toErrorFields },
  };
  if (config.prettyLogs) {
    const stream = pretty({
      colorize: config.logDestination === undefined && process.stdout.isTTY,
      ignore: 'pid,hostname,service,trace',
      messageFormat: '{service} {msg} {trace}',
      translateTime: 'SYS:HH:MM:ss.l',
      singleLine: true,
      ...(config.logDestination === undefined ? { sync: true } : { destination: toWritable(config.logDestination) }),
    });
    return pino(options, stream);
  }
  return config.logDestination === undefined ? pino(options) : pino(options, config.logDestination);
}

function toWritable(destination: { write(line: string): void }): NodeJS.WritableStream {
  return new Writable({
    decodeStrings: false,
    write(chunk, _encoding, done) {
      destination.write(String(chunk));
      done();
    },
  });
}

/** Writes nothing. For tests. */
export const silentLogger: Logger = pino({ level: 'silent' });
