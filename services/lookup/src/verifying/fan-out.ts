import { type Catalogue, combineOutcomes, type Provider } from '@vouch/catalogue';
import type { ClaimAnswer, Priority, ProviderClient, ProviderClients } from '@vouch/provider-client';
import type { TraceContext } from '@vouch/telemetry';
import { type AgencyOutcome, type Claim, type Finding, unavailable } from '../domain/claim.js';
import { combineFindings } from '../domain/combine.js';
import type { Person } from '../requests/people.js';

/** Whom a lookup asks for, and on what. */
export interface AskContext {
  /** Says who answers which claim. */
  readonly catalogue: Catalogue;
  readonly platform: string;
  readonly purpose: string;
  readonly region: string;
  readonly basisRef: string;
  readonly leaseEnd: Date;
  readonly people: Readonly<Record<string, Person>>;
  /** Last instant at which an agency's answer is of use. */
  readonly deadline: Date;
  readonly signal: AbortSignal;
  readonly trace?: TraceContext;
  /** `interactive` unless said: a person waits. */
  readonly priority?: Priority;
}

/** Asks agencies. */
export interface FanOut {
  /** Asks every claim at once, each at the providers that its claim type's routing names; a finding per claim, in order. Never rejects. */
  ask(claims: readonly Claim[], context: AskContext): Promise<Finding[]>;
}

/** Reasons of claims that are not asked at all. */
export const UNASKED = {
  no_provider: { retryable: false, meaning: 'No provider answers for this agency in this region' },
  claim_type_withdrawn: { retryable: false, meaning: 'The catalogue no longer has this claim type' },
} as const;

const unasked = (reason: keyof typeof UNASKED): Finding<'unavailable'> => unavailable(reason, UNASKED[reason].retryable);

/** A fan-out over the clients of providers. */
export function createFanOut(clients: Pick<ProviderClients, 'of'>): FanOut {
  const usable = (provider: Provider): boolean => clients.of(provider).healthy;

  async function askOne(claim: Claim, context: AskContext): Promise<Finding> {
    const { catalogue } = context;
    const claimType = catalogue.claimType(claim.type, claim.version);
    // The catalogue may have dropped it while the verification was pending.
    if (!claimType) return unasked('claim_type_withdrawn');
    const providers = catalogue.providersFor(claimType, claim.parameters, context.region, usable);
    const [first] = providers;
    if (!first) return unasked('no_provider');
    // Nearly always one, and then there is nothing to combine.
    if (providers.length === 1) return askProvider(clients.of(first), claim, context);
    const findings = await Promise.all(providers.map((provider) => askProvider(clients.of(provider), claim, context)));
    return combineFindings(
      findings,
      combineOutcomes(
        claimType.routing.combine,
        findings.map(({ outcome }) => outcome),
      ),
    );
  }

  return { ask: (claims, context) => Promise.all(claims.map((claim) => askOne(claim, context))) };
}

async function askProvider(client: ProviderClient, claim: Claim, context: AskContext): Promise<Finding<AgencyOutcome>> {
  const { people, platform, purpose, region, basisRef, leaseEnd, deadline, signal, trace, priority } = context;
  const persons: Record<string, Person> = {};
  const subject = people[claim.subject];
  if (subject) persons.subject = subject;
  for (const [role, key] of Object.entries(claim.with)) {
    const person = people[key];
    if (person) persons[role] = person;
  }
  try {
    const answer = await client.check(
      {
        claimType: claim.type,
        claimVersion: claim.version,
        parametersJson: JSON.stringify(claim.parameters),
        persons,
        platform,
        purpose,
        region,
        actorRef: platform,
        basisRef,
        leaseEnd,
      },
      { signal, deadline, trace, priority },
    );
    return toFinding(answer);
  } catch {
    // The client promises not to reject for an agency's faults; if it does all the same, one agency must not cost the others.
    return unavailable('agency_error', true);
  }
}

function toFinding(answer: ClaimAnswer): Finding<AgencyOutcome> {
  if (answer.kind === 'fault') {
    const { code, retryable, retryAfterMs } = answer;
    // A provider cannot know that a lease can be renewed; for it the query is lost.
    return unavailable(code, retryable || code === 'lease_ended', retryAfterMs);
  }
  const { outcome, asOf, disclosures } = answer;
  return { outcome, ...(asOf ? { asOf } : {}), disclosures, retryable: false };
}
