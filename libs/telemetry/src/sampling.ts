import { getNumberFromEnv, getStringFromEnv } from '@opentelemetry/core';
import { AlwaysOffSampler, AlwaysOnSampler, TraceIdRatioBasedSampler } from '@opentelemetry/sdk-trace-base';
import { type RateLimit, takeFrom } from './rate-limit.js';
import type { TraceContext } from './trace-context.js';

/** Whether a trace that starts here is recorded, and whether a parent's decision stands. */
export interface Sampling {
  readonly followsParent: boolean;
  root(traceId: string): boolean;
}

type Root = Pick<TraceIdRatioBasedSampler, 'toString'> & { shouldSample(context: unknown, traceId: string): { decision: number } };

const toSampling = (root: Root, followsParent: boolean): Sampling => ({
  followsParent,
  root: (traceId) => root.shouldSample(undefined, traceId).decision === 2,
});

/**
 * The sampling that OTEL_TRACES_SAMPLER and OTEL_TRACES_SAMPLER_ARG ask for
 * (OpenTelemetry, "SDK environment variables"); `parentbased_always_on` when absent or unreadable, the latter with a warning.
 */
export function readSampling(warn: (text: string) => void): Sampling {
  const name = getStringFromEnv('OTEL_TRACES_SAMPLER')?.trim() ?? 'parentbased_always_on';
  const followsParent = name.startsWith('parentbased_');
  switch (followsParent ? name.slice('parentbased_'.length) : name) {
    case 'always_on':
      return toSampling(new AlwaysOnSampler(), followsParent);
    case 'always_off':
      return toSampling(new AlwaysOffSampler(), followsParent);
    case 'traceidratio':
      return toSampling(new TraceIdRatioBasedSampler(readRatio(warn)), followsParent);
    default:
      warn('OTEL_TRACES_SAMPLER is not one of the standard samplers; parentbased_always_on is used');
      return toSampling(new AlwaysOnSampler(), true);
  }
}

function readRatio(warn: (text: string) => void): number {
  const ratio = getNumberFromEnv('OTEL_TRACES_SAMPLER_ARG');
  if (ratio !== undefined && ratio >= 0 && ratio <= 1) return ratio;
  warn('OTEL_TRACES_SAMPLER_ARG is not a number from 0 to 1; 1 is used');
  return 1;
}

/** Whether a span is recorded. `forced` bounds how often callers from outside may decide that it is. */
export function isRecorded(
  sampling: Sampling,
  forced: RateLimit,
  traceId: string,
  parent: TraceContext | undefined,
  external: boolean,
): boolean {
  if (parent === undefined || !sampling.followsParent) return sampling.root(traceId);
  if (!parent.sampled) return false;
  return !external || sampling.root(traceId) || takeFrom(forced);
}
