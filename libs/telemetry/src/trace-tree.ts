import type { SpanRecord } from './span-record.js';

/** How a tree is drawn. */
export interface RenderTraceOptions {
  /** ANSI colours. */
  readonly colour: boolean;
  /** Trace to draw; that of the first span unless said. Spans of other traces are drawn beside the spans that they are linked with. */
  readonly traceId?: string;
  /** Columns of the time bars; 24 unless said. */
  readonly barWidth?: number;
}

/** Attributes worth a word beside a span, in this order. */
const SHOWN = ['vouch.claim_type', 'vouch.agency', 'vouch.outcome', 'vouch.region', 'http.response.status_code', 'error.type'];

interface Line {
  readonly branch: string;
  readonly span: SpanRecord;
  readonly linked: boolean;
}

interface Paint {
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly service: (service: string, text: string) => string;
}

const SERVICE_COLOURS = [36, 35, 33, 32, 34, 96, 95, 93, 92, 94];

function createPaint(colour: boolean, services: readonly string[]): Paint {
  const wrap = (code: number) => (text: string) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  return {
    dim: wrap(2),
    red: wrap(31),
    service: (service, text) => wrap(SERVICE_COLOURS[services.indexOf(service) % SERVICE_COLOURS.length] ?? 36)(text),
  };
}

const key = (at: { traceId: string; spanId: string }): string => `${at.traceId}:${at.spanId}`;
const byStart = (a: SpanRecord, b: SpanRecord): number => a.startMs - b.startMs;

/** Which span hangs below which: children of the same trace, and spans of other traces by their links, in either direction. */
function arrange(spans: readonly SpanRecord[], traceId: string): { roots: SpanRecord[]; below: Map<string, Line[]> } {
  const known = new Map(spans.map((span) => [key(span), span]));
  const below = new Map<string, Line[]>();
  const hang = (at: string, span: SpanRecord, linked: boolean): void => {
    const lines = below.get(at);
    if (lines) lines.push({ branch: '', span, linked });
    else below.set(at, [{ branch: '', span, linked }]);
  };
  const roots: SpanRecord[] = [];
  for (const span of [...spans].sort(byStart)) {
    const parent = span.parentSpanId === undefined ? undefined : known.get(key({ traceId: span.traceId, spanId: span.parentSpanId }));
    if (parent) hang(key(parent), span, false);
    else if (span.traceId === traceId) roots.push(span);
    for (const link of span.links) {
      const target = known.get(key(link));
      if (!target || target.traceId === span.traceId) continue;
      if (target.traceId === traceId) hang(key(target), span, true);
      else if (span.traceId === traceId) hang(key(span), target, true);
    }
  }
  return { roots, below };
}

function toLines(roots: readonly SpanRecord[], below: ReadonlyMap<string, readonly Line[]>): Line[] {
  const lines: Line[] = [];
  const drawn = new Set<string>();
  const draw = (span: SpanRecord, branch: string, stem: string, linked: boolean): void => {
    lines.push({ branch: linked ? `${branch}⇢ ` : branch, span, linked });
    const first = !drawn.has(key(span));
    drawn.add(key(span));
    const children = first ? (below.get(key(span)) ?? []) : [];
    for (const [index, child] of children.entries()) {
      const last = index === children.length - 1;
      draw(child.span, `${stem}${last ? '└─ ' : '├─ '}`, `${stem}${last ? '   ' : '│  '}`, child.linked);
    }
  };
  for (const root of roots) draw(root, '', '', false);
  return lines;
}

function toBar(span: SpanRecord, from: number, to: number, width: number): string {
  const scale = width / Math.max(to - from, 0.001);
  const start = Math.min(width - 1, Math.max(0, Math.floor((span.startMs - from) * scale)));
  const end = Math.min(width, Math.max(start + 1, Math.ceil((span.endMs - from) * scale)));
  return `${' '.repeat(start)}${'▇'.repeat(end - start)}${' '.repeat(width - end)}`;
}

function toNotes(span: SpanRecord): string {
  return SHOWN.flatMap((name) => (span.attributes[name] === undefined ? [] : [String(span.attributes[name])])).join(' ');
}

const toDuration = (span: SpanRecord): string => `${(span.endMs - span.startMs).toFixed(1)} ms`;

/**
 * A trace as a tree for a terminal: a line a span with service, duration, time bar and what matters of its attributes; spans of linked
 * traces hang below the spans that they are linked with, marked `⇢`. No spans give an empty text.
 */
export function renderTraceTree(spans: readonly SpanRecord[], options: RenderTraceOptions): string {
  const traceId = options.traceId ?? spans[0]?.traceId;
  const own = spans.filter((span) => span.traceId === traceId);
  if (traceId === undefined || own.length === 0) return '';

  const services = [...new Set(spans.map((span) => span.service))];
  const paint = createPaint(options.colour, services);
  const from = Math.min(...own.map((span) => span.startMs));
  const to = Math.max(...own.map((span) => span.endMs));
  const { roots, below } = arrange(spans, traceId);
  const lines = toLines(roots, below);
  const treeWidth = Math.max(...lines.map(({ branch, span }) => branch.length + span.name.length));
  const serviceWidth = Math.max(...services.map((service) => service.length));

  const drawn = lines.map(({ branch, span, linked }) => {
    const failed = span.status === 'error';
    const padding = ' '.repeat(treeWidth - branch.length - span.name.length);
    const name = failed ? paint.red(span.name) : linked ? paint.dim(span.name) : span.name;
    return [
      `${paint.dim(branch)}${name}${padding}`,
      paint.service(span.service, span.service.padEnd(serviceWidth)),
      toDuration(span).padStart(10),
      paint.service(span.service, toBar(span, from, to, options.barWidth ?? 24)),
      failed ? paint.red(toNotes(span)) : paint.dim(toNotes(span)),
    ]
      .join('  ')
      .trimEnd();
  });
  const total = `${(to - from).toFixed(1)} ms`;
  return [`${paint.dim('trace')} ${traceId}  ${own.length} spans  ${services.length} services  ${total}`, ...drawn].join('\n');
}
