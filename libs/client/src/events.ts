/** One server-sent event. */
export interface ServerSentEvent {
  readonly event: string;
  /** Empty when it has none. */
  readonly id: string;
  readonly data: string;
}

/** Reads server-sent events as Vouch sends them: fields end with LF, each event with an empty line. Comments are left out. */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerSentEvent, void> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const fields = new Map(text.slice(0, end).split('\n').map(toField));
      text = text.slice(end + 2);
      const data = fields.get('data');
      if (data !== undefined) yield { event: fields.get('event') ?? 'message', id: fields.get('id') ?? '', data };
    }
  }
}

function toField(line: string): [string, string] {
  const at = line.indexOf(':');
  return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + 1).replace(/^ /, '')];
}
