import { TerminalError, VouchError } from '@vouch/errors';
import type { Resources } from '@vouch/lifecycle';
import { AuditServiceService } from '@vouch/proto/audit/v1/audit';
import { ConsentServiceService, RedemptionServiceService } from '@vouch/proto/consent/v1/consent';
import { dial, type Port } from '@vouch/rpc';
import type { Tracer } from '@vouch/telemetry';

/** The other services. */
export interface Ports {
  readonly consent: Port<ConsentServiceService>;
  readonly redemption: Port<RedemptionServiceService>;
  readonly audit: Port<AuditServiceService>;
}

const EVERY_CONSENT_METHOD = Object.keys(ConsentServiceService) as (keyof ConsentServiceService)[];

/** The other services over gRPC. No I/O until the first call. */
export function dialPorts(resources: Resources, addresses: Readonly<Record<keyof Ports, string>> | undefined, tracer: Tracer): Ports {
  if (!addresses) throw new TerminalError('internal', { cause: new Error('the other services are neither configured nor passed') });
  const options = { tracer, caller: 'lookup' };
  return {
    // All of it: a request names its consent's id, and a decision that was made changes nothing.
    consent: resources.use(dial(ConsentServiceService, { ...options, address: addresses.consent, repeatable: EVERY_CONSENT_METHOD })),
    // No redemption: the lease of one that got no answer would look like somebody else's.
    redemption: resources.use(
      dial(RedemptionServiceService, { ...options, address: addresses.redemption, repeatable: ['renewLease', 'getBasis'] }),
    ),
    audit: resources.use(dial(AuditServiceService, { ...options, address: addresses.audit, repeatable: ['listAccesses', 'getLeaf'] })),
  };
}

const NOBODY = '00000000-0000-0000-0000-000000000000';
const TIMEOUT_MS = 1_500;

/** Checks that ask something harmless: any answer, even that there is no such thing, shows that the service and its store answer. */
export function portChecks({ redemption, audit }: Ports) {
  const call = () => ({ signal: AbortSignal.timeout(TIMEOUT_MS), deadline: new Date(Date.now() + TIMEOUT_MS) });
  return {
    consent: () => redemption.getBasis({ verificationId: NOBODY }, call()),
    audit: () =>
      audit.getLeaf({ eventId: NOBODY }, call()).catch((failure: unknown) => {
        if (!(failure instanceof VouchError) || failure.retryable) throw failure;
      }),
  };
}
