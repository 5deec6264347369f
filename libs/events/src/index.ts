export type { BatchInfo, DeadLetter, EventBus, SubscribeOptions } from './bus.js';
export { type ConsumedTables, consumedMigration, dropStale, type FreshEvents, forgetConsumed, type SequenceGap } from './consumed.js';
export { createEmbeddedBus, type EmbeddedBusOptions } from './embedded/embedded-bus.js';
export type { BusMessage, EventDraft, ReceivedEvent } from './event.js';
export { createKafkaBus, type KafkaBusOptions } from './kafka/kafka-bus.js';
export { CONSUMERS, deadLetterTopic, EVENT_TYPES, SOURCES, TOPICS, type Topic } from './names.js';
export { MAX_PAYLOAD_BYTES, type OutboxTables, outboxInsert, outboxInsertWhere, outboxMigration } from './outbox.js';
export { type Relay, type RelayOptions, startRelay } from './relay.js';
export { EVENT_TOPICS, type TopicSpec } from './topics.js';
