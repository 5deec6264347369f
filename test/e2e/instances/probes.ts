import { VouchError } from '@vouch/errors';
import { AuditServiceService } from '@vouch/proto/audit/v1/audit';
import { RedemptionServiceService } from '@vouch/proto/consent/v1/consent';
import { EvidenceProviderService } from '@vouch/proto/evidence/v1/evidence';
import { dial } from '@vouch/rpc';
import { silentTracer } from '@vouch/telemetry';

/** Whether a process does its work. */
export type Probe = () => Promise<boolean>;

const NOBODY = '00000000-0000-0000-0000-000000000000';
const call = () => ({ signal: AbortSignal.timeout(2_000) });

/** A lookup that says so itself, with all that it needs. */
export const probeEdge =
  (url: string): Probe =>
  async () =>
    (await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(3_000) })).ok;

/** A consent service that answers out of its store. */
export const probeConsent =
  (address: string): Probe =>
  async () => {
    await using port = dial(RedemptionServiceService, { address, tracer: silentTracer });
    await port.getBasis({ verificationId: NOBODY }, call());
    return true;
  };

/** An audit service that answers out of its store: that there is no such leaf is an answer, too. */
export const probeAudit =
  (address: string): Probe =>
  async () => {
    await using port = dial(AuditServiceService, { address, tracer: silentTracer });
    return await port.getLeaf({ eventId: NOBODY }, call()).then(
      () => true,
      (failure) => failure instanceof VouchError && !failure.retryable,
    );
  };

/** A registry that says what it answers. */
export const probeRegistry =
  (address: string): Probe =>
  async () => {
    await using port = dial(EvidenceProviderService, { address, tracer: silentTracer });
    await port.describe({}, call());
    return true;
  };
