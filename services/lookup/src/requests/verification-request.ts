import type { Catalogue, ClaimTemplate, ClaimType } from '@vouch/catalogue';
import { type RequestFault, TerminalError } from '@vouch/errors';
import { county } from '@vouch/identity';
import { claimsOf } from '@vouch/rules';
import type { z } from 'zod';
import { toInputs } from '../domain/application.js';
import { toCanonicalJson } from '../domain/canonical-json.js';
import type { Claim } from '../domain/claim.js';
import { type Plan, planClaims, planRequirementSet, touchedPeople } from '../domain/plan.js';
import { applicationFaults, toApplication } from './application.js';
import { fromIssues, inOrder, toFault, toPointer } from './faults.js';
import { entriesOf, fieldsOf, type Person, personFaults, toPeople } from './people.js';
import { assertBounded, VERIFICATION_BOUND } from './request-bounds.js';
import { DEFAULT_TIME_BUDGET_MS, verificationRequestSchema } from './request-schemas.js';

/** Why a platform may ask. */
export type LegalBasis = { readonly type: 'consent'; readonly consentId: string } | { readonly type: 'statutory_duty' };

/** A lookup that was read and found without fault. */
export interface VerificationRequest {
  readonly purpose: string;
  readonly region: string;
  readonly plan: Plan;
  /** The people whom it touches, by key, in their normal form. */
  readonly people: Readonly<Record<string, Person>>;
  readonly legalBasis: LegalBasis;
  readonly timeBudgetMs: number;
  /** The one that it was read under: all of the lookup is held to it, even when another takes effect meanwhile. */
  readonly catalogue: Catalogue;
  /** How long it may be retried, milliseconds; undefined: as long as the service does it. */
  readonly retryForMs?: number;
  /** The parsed request in canonical form: equal for equal requests, over HTTP and gRPC alike. Made when it is first read. Holds personal data. */
  readonly canonical: string;
}

type Parsed = z.infer<typeof verificationRequestSchema>;

/** Reads the body of a lookup. Throws `request_invalid` with every fault of it, or the first place that is too large. */
export function readVerificationRequest(body: unknown, catalogue: Catalogue): VerificationRequest {
  assertBounded(body, VERIFICATION_BOUND);
  const parsed = verificationRequestSchema.safeParse(body);
  const faults = [...(parsed.success ? [] : fromIssues(parsed.error.issues, body)), ...semanticFaults(body, catalogue)];
  if (!parsed.success || faults.length > 0) throw new TerminalError('request_invalid', { faults: inOrder(faults) });
  return toRequest(parsed.data, catalogue);
}

function toRequest(parsed: Parsed, catalogue: Catalogue): VerificationRequest {
  const people = toPeople(parsed.subjects);
  const timeBudgetMs = parsed.timeBudgetMs ?? DEFAULT_TIME_BUDGET_MS;
  const legalBasis: LegalBasis =
    parsed.legalBasis.type === 'consent'
      ? { type: 'consent', consentId: parsed.legalBasis.consentId.toLowerCase() }
      : { type: 'statutory_duty' };
  const asked = parsed.claims?.map(({ type, version, subject, with: involved = {}, parameters = {} }) => ({
    type,
    version,
    subject,
    with: involved,
    parameters,
  }));
  const { purpose, region, requirementSet, entryYear, applicationDate, addressCode, facts, retryForSeconds } = parsed;
  const plan = asked ? planClaims(asked.map((claim) => toClaim(claim, catalogue))) : planSet(parsed, people, catalogue);
  let canonical: string | undefined;
  return {
    purpose,
    region,
    plan,
    people: only(touchedPeople(plan.claims), people),
    legalBasis,
    timeBudgetMs,
    catalogue,
    ...(retryForSeconds === undefined ? {} : { retryForMs: retryForSeconds * 1_000 }),
    // Only a request that can be repeated is ever compared. Versions stay as they were given: a claim type's newer version must not make a
    // repeat another request.
    get canonical() {
      canonical ??= toCanonicalJson({
        purpose,
        region,
        requirementSet,
        entryYear,
        applicationDate,
        addressCode,
        facts,
        claims: asked,
        subjects: people,
        legalBasis,
        timeBudgetMs,
        retryForSeconds,
      });
      return canonical;
    },
  };
}

// Whom nothing is asked about is not kept, not even sealed.
function only(touched: ReadonlySet<string>, people: Readonly<Record<string, Person>>): Record<string, Person> {
  const kept: Record<string, Person> = {};
  for (const [key, person] of Object.entries(people)) if (touched.has(key)) kept[key] = person;
  return kept;
}

function planSet(parsed: Parsed, people: Readonly<Record<string, Person>>, catalogue: Catalogue): Plan {
  const set = catalogue.requirementSet(parsed.requirementSet ?? '');
  if (!set) throw new TerminalError('internal', { cause: new Error('a requirement set vanished while it was read') });
  const application = toApplication(set, parsed, people);
  const agencyOf = (type: string, version: number) => {
    const claimType = catalogue.claimType(type, version);
    if (!claimType) throw new TerminalError('internal', { cause: new Error(`no claim type ${type}`) });
    return claimType.agency;
  };
  return planRequirementSet(set.compiled.plan(toInputs(application)), agencyOf, application);
}

type AskedClaim = Pick<ClaimTemplate, 'type' | 'subject' | 'with' | 'parameters'> & { readonly version?: number };

function toClaim({ type, version, subject, with: involved, parameters }: AskedClaim, catalogue: Catalogue): Claim {
  const claimType = catalogue.claimType(type, version);
  if (!claimType) throw new TerminalError('internal', { cause: new Error(`no claim type ${type}`) });
  return { type, version: claimType.version, agency: claimType.agency, subject, with: involved ?? {}, parameters: parameters ?? {} };
}

// Looks at the raw body, so that these faults are told together with those of the shape.
function semanticFaults(body: unknown, catalogue: Catalogue): RequestFault[] {
  const fields = fieldsOf(body);
  const { purpose, region, requirementSet, claims, subjects } = fields;
  const faults = personFaults(subjects);
  if (typeof purpose === 'string' && purpose !== '' && !catalogue.purpose(purpose)) faults.push(toFault(['purpose'], 'unknown_purpose'));
  if (typeof region === 'string' && /^\d{6}$/.test(region) && !county(region)) faults.push(toFault(['region'], 'unknown_region'));
  const isObject = typeof body === 'object' && body !== null && !Array.isArray(body);
  if (isObject && (requirementSet === undefined) === (claims === undefined)) {
    faults.push(toFault(claims === undefined ? [] : ['claims'], 'requirement_set_or_claims'));
  }
  const given = new Set(Object.keys(fieldsOf(subjects)));
  if (typeof requirementSet === 'string' && requirementSet !== '') {
    faults.push(...requirementSetFaults(requirementSet, given, body, catalogue));
  }
  if (requirementSet === undefined) {
    faults.push(...STATED_FOR_SETS.filter((name) => fields[name] !== undefined).map((name) => toFault([name], 'requirement_set_only')));
  }
  if (Array.isArray(claims)) {
    for (const [index, claim] of claims.entries()) addClaimFaults(faults, claim, ['claims', index], given, catalogue);
  }
  return faults;
}

// Whom nearly every rule names must be named; others only by families that claim something through them.
const ALWAYS_NEEDED = ['child', 'guardian'];
const STATED_FOR_SETS = ['entryYear', 'applicationDate', 'addressCode', 'facts'];

function requirementSetFaults(id: string, given: ReadonlySet<string>, body: unknown, catalogue: Catalogue): RequestFault[] {
  const set = catalogue.requirementSet(id);
  // One that no provider serves can be tried on stated facts only.
  if (!set || set.whatIfOnly) return [toFault(['requirementSet'], 'unknown_requirement_set')];
  const named = new Set([...claimsOf(set.rules)].flatMap((claim) => [claim.subject, ...Object.values(claim.with ?? {})]));
  const missing = ALWAYS_NEEDED.filter((key) => named.has(key) && !given.has(key)).map((key) => toFault(['subjects', key], 'required'));
  return [...missing, ...applicationFaults(set, body)];
}

function addClaimFaults(
  faults: RequestFault[],
  claim: unknown,
  at: readonly PropertyKey[],
  given: ReadonlySet<string>,
  catalogue: Catalogue,
): void {
  const { type, version, subject, with: involved, parameters } = fieldsOf(claim);
  if (typeof subject === 'string' && !given.has(subject)) faults.push(toFault([...at, 'subject'], 'subject_missing'));
  for (const [role, key] of entriesOf(involved)) {
    if (typeof key === 'string' && !given.has(key)) faults.push(toFault([...at, 'with', role], 'subject_missing'));
  }
  if (typeof type !== 'string' || type === '') return;
  const claimType = catalogue.claimType(type, typeof version === 'number' ? version : undefined);
  if (claimType) {
    addRoleFaults(faults, claimType, fieldsOf(involved), at);
    faults.push(...parameterFaults(claimType, parameters, at));
  } else if (catalogue.claimType(type)) faults.push(toFault([...at, 'version'], 'unknown_claim_version'));
  else faults.push(toFault([...at, 'type'], 'unknown_claim_type'));
}

function addRoleFaults(
  faults: RequestFault[],
  { involves }: ClaimType,
  involved: Readonly<Record<string, unknown>>,
  at: readonly PropertyKey[],
): void {
  for (const given of Object.keys(involved)) {
    if (!involves.some(({ role }) => role === given)) faults.push(toFault([...at, 'with', given], 'unknown_role'));
  }
  for (const { role, required } of involves) {
    if (required && !Object.hasOwn(involved, role)) faults.push(toFault([...at, 'with', role], 'required'));
  }
}

function parameterFaults(claimType: ClaimType, parameters: unknown, at: readonly PropertyKey[]): RequestFault[] {
  if (parameters !== undefined && (typeof parameters !== 'object' || parameters === null || Array.isArray(parameters))) return [];
  const place = [...at, 'parameters'];
  return claimType.validate(parameters ?? {}).map((fault) => ({ ...fault, pointer: `${toPointer(place)}${fault.pointer}` }));
}
