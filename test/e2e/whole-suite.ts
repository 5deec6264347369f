import { afterAll, beforeAll } from 'vitest';
import { type OtlpCollector, startOtlpCollector } from './otlp-collector.js';
import { basisScenarios } from './scenarios/bases.js';
import { callerScenarios } from './scenarios/callers.js';
import { durabilityScenarios } from './scenarios/durability.js';
import { grpcScenarios } from './scenarios/grpc.js';
import { traceScenarios } from './scenarios/trace.js';
import { verdictScenarios } from './scenarios/verdicts.js';
import { visibilityScenarios } from './scenarios/visibility.js';
import { waitingScenarios } from './scenarios/waiting.js';
import { type Mode, VouchUnderTest } from './vouch-under-test.js';

/** What the tests of one mode share. */
export interface Suite {
  readonly vouch: () => VouchUnderTest;
  readonly collector: () => OtlpCollector;
}

/** Starts one Vouch for a file's tests and runs the scenarios that every mode must pass. */
export function runScenarios(mode: () => Mode): Suite {
  let vouch: VouchUnderTest;
  let collector: OtlpCollector;
  beforeAll(async () => {
    collector = await startOtlpCollector();
    vouch = await VouchUnderTest.start(mode(), {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_BSP_SCHEDULE_DELAY: '200',
    });
  });
  afterAll(async () => {
    await vouch?.[Symbol.asyncDispose]();
    await collector?.[Symbol.asyncDispose]();
  });
  const suite: Suite = { vouch: () => vouch, collector: () => collector };
  verdictScenarios(suite.vouch);
  basisScenarios(suite.vouch);
  callerScenarios(suite.vouch);
  visibilityScenarios(suite.vouch);
  grpcScenarios(suite.vouch);
  traceScenarios(suite.vouch, suite.collector);
  waitingScenarios(suite.vouch);
  durabilityScenarios(suite.vouch);
  return suite;
}
