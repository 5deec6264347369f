import type { BusMessage, ReceivedEvent } from './event.js';

/** Where a batch of events comes from, and when to stop. */
export interface BatchInfo {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  /** 1 the first time; higher when this batch failed before. */
  readonly attempt: number;
  /** Aborted when the subscription closes or loses the partition. */
  readonly signal: AbortSignal;
}

/** An event that was put aside. Its payload is in the dead-letter topic, and nowhere else. */
export interface DeadLetter {
  readonly group: string;
  /** Where it was read. */
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  /** Key and id, when they could be read. */
  readonly key?: string;
  readonly id?: string;
  /** `undecodable`, or the code of the handler's error. */
  readonly code: string;
  /** Fixed text for a person; holds nothing of the payload. */
  readonly reason: string;
}

/** How a consumer reads. */
export interface SubscribeOptions<T = unknown> {
  /** Consumer group, one of CONSUMERS. Members of a group share the partitions; a new group starts at the first event kept. */
  readonly group: string;
  readonly topics: readonly string[];
  /** Reads the payload. A throw makes the event a dead letter; the thrown text is dropped, since it may quote the payload. */
  readonly decode?: (payload: unknown, event: Omit<ReceivedEvent, 'payload'>) => T;
  /**
   * Takes events of one partition, in order, at least once. Whatever it does must be safe to repeat (see `dropStale`).
   *
   * A RetryableError, or the loss of a connection, pauses the partition and brings the same events again, for as long as it takes.
   * A TerminalError puts the event aside; of a batch, the events are tried one by one first, so that only the faulty one goes. Any other
   * throw is tried a few times, then counts as terminal.
   */
  readonly handle: (events: readonly ReceivedEvent<T>[], info: BatchInfo) => Promise<void>;
  readonly deadLetter: {
    /** See `deadLetterTopic`. */
    readonly topic: string;
    /** Called after the event is in the dead-letter topic, at least once. Retried like `handle`. */
    readonly onDeadLetter?: (letter: DeadLetter) => Promise<void>;
  };
  /** Most events in one call of `handle`; 500 unless said. */
  readonly maxBatch?: number;
  /**
   * How long events may wait for others, so that more of them come at once, milliseconds; none unless said. For a consumer that nobody waits
   * for: reading, handling and noting how far it came cost as much for one event as for many.
   */
  readonly patienceMs?: number;
}

/** Where events go and come from. Kafka and the embedded log pass the same contract suite. */
export interface EventBus extends AsyncDisposable {
  /**
   * Appends messages; those of one key keep their order. Resolves when every one is stored. Rejects with `unavailable` when that is not
   * known in time: some may be stored then, and a repeat from the first on makes duplicates but keeps the order of first occurrences.
   */
  publish(messages: readonly BusMessage[]): Promise<void>;
  /** Starts a consumer. It goes on through outages; closing it waits for the handler and commits what was done. */
  subscribe<T = unknown>(options: SubscribeOptions<T>): Promise<AsyncDisposable>;
  /** Resolves when the bus can be reached and its topics exist; rejects with `unavailable` within seconds. */
  ready(): Promise<void>;
  /** Creates the topics that are missing, with explicit settings. Publishing and subscribing do it by themselves. */
  ensureTopics(): Promise<void>;
}
