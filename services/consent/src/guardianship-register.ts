import { combineOutcomes, type Outcome } from '@vouch/catalogue';
import type { Catalogues } from '@vouch/catalogue-versions';
import type { ProviderClients } from '@vouch/provider-client';
import type { TraceContext } from '@vouch/telemetry';
import type { Identity } from './identities.js';

/** What the register says about a guardian and a child. */
export type GuardianshipFinding = 'guardian' | 'not_guardian' | 'unknown';

/** Whose guardianship is asked, and on whose behalf. */
export interface GuardianshipQuery {
  readonly child: Identity;
  readonly guardian: Identity;
  /** Platform and purpose of the consent that is being decided. */
  readonly platform: string;
  readonly purpose: string;
  /** Opaque reference of the signed-in person. */
  readonly actorRef: string;
  /** Opaque reference for the register's own records. */
  readonly basisRef: string;
}

/** The police's register of guardians. */
export interface GuardianshipRegister {
  /** Never rejects for what the register does: that is `unknown`. */
  check(query: GuardianshipQuery, call: { signal: AbortSignal; deadline: Date; trace?: TraceContext }): Promise<GuardianshipFinding>;
}

/** What asking the register needs. */
export interface RegisterOptions {
  readonly catalogues: Catalogues;
  readonly clients: Pick<ProviderClients, 'of'>;
}

/** Claim type that says who is whose guardian. */
export const GUARDIAN_OF = 'police.guardian-of';

/** The register behind the police's providers, through the client that lookups use too. */
export function createGuardianshipRegister({ catalogues, clients }: RegisterOptions): GuardianshipRegister {
  return {
    async check(query, call) {
      const catalogue = catalogues.current;
      const claimType = catalogue.claimType(GUARDIAN_OF);
      if (!claimType) return 'unknown';
      // A consent names no region; the platform's own say whose registers may know the child.
      const regions = catalogue.client(query.platform)?.regions ?? [];
      const providers = catalogue.providers.filter(
        (provider) => provider.agency === claimType.agency && provider.regions.some((one) => regions.some((other) => overlap(one, other))),
      );
      const outcomes = await Promise.all(
        providers.map(async (provider): Promise<Outcome> => {
          const answer = await clients.of(provider).check(
            {
              claimType: claimType.name,
              claimVersion: claimType.version,
              parametersJson: '{}',
              persons: { subject: query.child, guardian: query.guardian },
              platform: query.platform,
              purpose: query.purpose,
              region: (provider.regions[0] ?? '').padEnd(6, '0').slice(0, 6),
              actorRef: query.actorRef,
              basisRef: query.basisRef,
              leaseEnd: call.deadline,
            },
            call,
          );
          return answer.kind === 'finding' ? answer.outcome : 'unavailable';
        }),
      );
      return toFinding(combineOutcomes('any', outcomes));
    },
  };
}

const overlap = (one: string, other: string): boolean => one.startsWith(other) || other.startsWith(one);

function toFinding(outcome: Outcome): GuardianshipFinding {
  if (outcome === 'confirmed') return 'guardian';
  return outcome === 'unavailable' ? 'unknown' : 'not_guardian';
}
