/** One server-sent event as it arrived, or a comment. */
export interface SentEvent {
  readonly id?: string;
  readonly event?: string;
  // biome-ignore lint/suspicious/noExplicitAny: events are looked at field by field in assertions.
  readonly data?: any;
  readonly comment?: string;
}

/** A stream of events that is read as the test asks for it. */
export interface EventStream {
  readonly status: number;
  readonly headers: Headers;
  /** The next event that is no comment; undefined when the stream has ended. */
  next(): Promise<SentEvent | undefined>;
  /** The next comment. */
  comment(): Promise<SentEvent | undefined>;
  close(): void;
}

/** Opens a stream of events. */
export async function openEvents(url: string, token: string, headers: Record<string, string> = {}): Promise<EventStream> {
  const closing = new AbortController();
  const answer = await fetch(url, {
    headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream', ...headers },
    signal: closing.signal,
  });
  const events = read(answer);
  async function until(wanted: (event: SentEvent) => boolean): Promise<SentEvent | undefined> {
    for (;;) {
      const { done, value } = await events.next();
      if (done) return undefined;
      if (wanted(value)) return value;
    }
  }
  return {
    status: answer.status,
    headers: answer.headers,
    next: () => until(({ event }) => event !== undefined),
    comment: () => until(({ comment }) => comment !== undefined),
    close: () => closing.abort(),
  };
}

async function* read({ body }: Response): AsyncGenerator<SentEvent> {
  if (!body) return;
  let text = '';
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      yield toEvent(text.slice(0, end));
      text = text.slice(end + 2);
    }
  }
}

function toEvent(block: string): SentEvent {
  const fields = Object.fromEntries(
    block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
  );
  const { id, event, data, '': comment } = fields;
  return { id, event, comment, ...(data === undefined ? {} : { data: JSON.parse(data) }) };
}
