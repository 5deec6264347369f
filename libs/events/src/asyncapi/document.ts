import { EVENT_TOPICS, type TopicSpec } from '../topics.js';
import type { ProtoSchemas, Schema } from './proto-schema.js';

const MESSAGE_BINDING = '0.5.0';

/** The AsyncAPI 3 document: every topic with its settings, every event type with its headers and payload. Made from the code. */
export function createAsyncApi(protos: ProtoSchemas): object {
  const channels: Record<string, unknown> = {};
  const operations: Record<string, unknown> = {};
  const messages: Record<string, unknown> = {};
  const schemas: Record<string, Schema> = { CloudEventHeaders: CLOUD_EVENT_HEADERS, DeadLetterHeaders: DEAD_LETTER_HEADERS };
  for (const spec of EVENT_TOPICS) {
    const names = spec.types.length > 0 ? spec.types : [spec.name];
    for (const name of names)
      messages[name] = spec.payload === undefined ? deadLetterMessage(name, spec) : eventMessage(name, spec, spec.payload);
    if (spec.payload !== undefined) Object.assign(schemas, protos.of(spec.payload));
    channels[spec.name] = toChannel(spec, names);
    operations[`send.${spec.name}`] = {
      action: 'send',
      summary: `Vouch publishes on ${spec.name}.`,
      channel: { $ref: `#/channels/${spec.name}` },
      messages: names.map((name) => ({ $ref: `#/channels/${spec.name}/messages/${name}` })),
    };
  }
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Vouch events',
      version: '1.0.0',
      description:
        'What happens in Vouch, on Kafka: CloudEvents 1.0 in binary mode (attributes in the headers), proto3 JSON payloads, in which a ' +
        'field that is missing has its default value. Events of one key come in order and at least once; `ce_sequence` counts them ' +
        'without gaps, so a reader drops what is not newer than the last and knows when something is missing.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: 'application/json',
    servers: {
      kafka: {
        host: '{brokers}',
        protocol: 'kafka',
        description: 'The brokers that Vouch was started with.',
        variables: { brokers: { default: 'localhost:9092', description: 'As in KAFKA_BROKERS.' } },
      },
    },
    channels,
    operations,
    components: { messages, schemas },
  };
}

function toChannel(spec: TopicSpec, messages: readonly string[]) {
  return {
    address: spec.name,
    description: spec.summary,
    servers: [{ $ref: '#/servers/kafka' }],
    messages: Object.fromEntries(messages.map((name) => [name, { $ref: `#/components/messages/${name}` }])),
    bindings: {
      kafka: {
        topic: spec.name,
        partitions: spec.partitions,
        topicConfiguration: { 'cleanup.policy': ['delete'], 'retention.ms': spec.retentionMs },
        bindingVersion: MESSAGE_BINDING,
      },
    },
  };
}

function eventMessage(type: string, spec: TopicSpec, payload: string) {
  return {
    name: type,
    title: type,
    contentType: 'application/json',
    headers: { allOf: [{ $ref: '#/components/schemas/CloudEventHeaders' }, { type: 'object', properties: { ce_type: { const: type } } }] },
    payload: { $ref: `#/components/schemas/${payload.slice(payload.lastIndexOf('.') + 1)}` },
    bindings: keyBinding(spec),
  };
}

function deadLetterMessage(name: string, spec: TopicSpec) {
  return {
    name,
    title: 'An event that was put aside',
    summary: 'Headers and value as they were read, whatever they are, and further headers that say why and where from.',
    headers: { $ref: '#/components/schemas/DeadLetterHeaders' },
    payload: { description: 'The value as it was read; it need not be JSON.' },
    bindings: keyBinding(spec),
  };
}

const keyBinding = (spec: TopicSpec) => ({
  kafka: { key: { type: 'string', description: spec.keyMeaning }, bindingVersion: MESSAGE_BINDING },
});

const text = (description: string, more: Schema = {}): Schema => ({ type: 'string', description, ...more });

const CLOUD_EVENT_HEADERS: Schema = {
  type: 'object',
  description: 'CloudEvents 1.0, Kafka protocol binding, binary mode.',
  required: ['ce_specversion', 'ce_id', 'ce_source', 'ce_type', 'ce_time', 'ce_partitionkey', 'ce_sequence', 'content-type'],
  properties: {
    ce_specversion: text('Version of CloudEvents.', { const: '1.0' }),
    ce_id: text('Id of the event; with the source, unique.', { format: 'uuid' }),
    ce_source: text('Service that published it, such as `/vouch/lookup`.', { format: 'uri-reference' }),
    ce_type: text('What happened.'),
    ce_time: text('When it happened.', { format: 'date-time' }),
    ce_subject: text('Id of the thing that it happened to, where that is the key.'),
    ce_partitionkey: text('The key, as in the record.'),
    ce_sequence: text('Number of the event within its topic and key, from 1 without gaps, ten digits.', { pattern: '^[0-9]{10}$' }),
    'content-type': text('Kind of the value.', { const: 'application/json' }),
    traceparent: text('W3C trace context of the publisher.'),
  },
};

const DEAD_LETTER_HEADERS: Schema = {
  type: 'object',
  description: 'What is added to the headers that the record had.',
  required: [
    'dead-letter-code',
    'dead-letter-reason',
    'dead-letter-consumer',
    'dead-letter-topic',
    'dead-letter-partition',
    'dead-letter-offset',
  ],
  properties: {
    'dead-letter-code': text('`undecodable`, or the code of the error, as in the list of error codes.'),
    'dead-letter-reason': text('For a person; quotes nothing of the value.'),
    'dead-letter-consumer': text('Consumer group that put it aside.'),
    'dead-letter-topic': text('Topic that it was read from.'),
    'dead-letter-partition': text('Partition that it was read from.', { pattern: '^[0-9]+$' }),
    'dead-letter-offset': text('Offset that it was read at.', { pattern: '^[0-9]+$' }),
  },
};
