import type { Span, Tracer } from '@vouch/telemetry';
import type { PendingQuery } from './pending-query.js';

/** The span of one batch: it serves many lookups, so it is a trace of its own, linked to those that are recorded. None when none is. */
export function startBatchSpan(tracer: Tracer, agency: string, batch: readonly PendingQuery[]): Span | undefined {
  const links = batch.filter(({ span }) => span.recording).map(({ span }) => span.context);
  if (links.length === 0) return undefined;
  return tracer.startSpan(`send ${agency} batch`, {
    kind: 'client',
    links,
    attributes: { 'vouch.agency': agency, 'vouch.batch_size': batch.length },
  });
}
