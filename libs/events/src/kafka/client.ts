import type { Logger } from '@vouch/telemetry';
import { Kafka, logLevel, type RetryOptions } from 'kafkajs';
import { createKafkaSocket } from './socket.js';

/** How to get into a cluster that does not let everybody in. */
export interface KafkaSecurity {
  /** TLS with the authorities that this machine trusts. */
  readonly tls?: boolean;
  readonly mechanism?: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  readonly username?: string;
  readonly password?: string;
}

/**
 * Every value is given: the defaults wait up to 30 s between tries, which costs ten seconds after a broker is back, and they differ
 * when NODE_ENV is `test`. The tries end within seconds; whoever asked tries again in a way of its own.
 */
export const KAFKA_RETRY: RetryOptions = { initialRetryTime: 100, maxRetryTime: 1_000, multiplier: 2, factor: 0.2, retries: 8 };

/** A client of a cluster; makes no connection yet. */
export function createKafkaClient(
  brokers: readonly string[],
  clientId: string,
  security: KafkaSecurity | undefined,
  logger: Logger,
): Kafka {
  const { tls, mechanism = 'scram-sha-512', username, password } = security ?? {};
  return new Kafka({
    brokers: [...brokers],
    clientId,
    connectionTimeout: 3_000,
    requestTimeout: 10_000,
    enforceRequestTimeout: true,
    socketFactory: createKafkaSocket,
    retry: KAFKA_RETRY,
    ...(tls === undefined ? {} : { ssl: tls }),
    // One object for three mechanisms, which kafkajs declares as three types.
    ...(username === undefined || password === undefined ? {} : { sasl: { mechanism: mechanism as 'plain', username, password } }),
    logLevel: logLevel.WARN,
    logCreator: () => (entry) => {
      // Its errors are mostly attempts that succeed a moment later, and its extra fields hold whole objects: the text is enough.
      if (entry.level <= logLevel.WARN) logger.debug({ kafka: entry.namespace }, entry.log.message);
    },
  });
}
