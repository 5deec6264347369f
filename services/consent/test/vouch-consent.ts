import { randomInt, randomUUID } from 'node:crypto';
import { loadCatalogue } from '@vouch/catalogue';
import type { VouchError } from '@vouch/errors';
import type { BusMessage } from '@vouch/events';
import { checkDigit, generateKeyring, type Keyring, readKeyring } from '@vouch/identity';
import type { Part, RedeemRequest, RequestConsentRequest, Viewer } from '@vouch/proto/consent/v1/consent';
import { AuditRecorded } from '@vouch/proto/event/v1/event';
import type { CallContext } from '@vouch/rpc';
import { type Database, type Store, sql } from '@vouch/store';
import { silentLogger } from '@vouch/telemetry';
import { type ConsentService, createConsent } from '../src/create-consent.js';
import type { GuardianshipFinding, GuardianshipQuery } from '../src/guardianship-register.js';
import { migrations } from '../src/migrations/index.js';
import type { ConsentTables } from '../src/tables.js';

export const PLATFORM = 'jinan-enrolment';
export const PURPOSE = 'school-enrolment';
const DAY_MS = 86_400_000;

/** A person who cannot exist: 3750xx is no division code. */
export interface TestPerson {
  readonly idNumber: string;
  readonly name: string;
}

export function person(born: string): TestPerson {
  const first17 = `375001${born}${String(randomInt(1000)).padStart(3, '0')}`;
  return { idNumber: first17 + checkDigit(first17), name: `测试${randomUUID().slice(0, 8)}` };
}

const years = (ago: number): string => `${new Date().getFullYear() - ago}0101`;

/** A child of six, two parents and a grandmother. */
export const family = () => ({
  child: person(years(6)),
  guardian: person(years(34)),
  guardian2: person(years(36)),
  grandparent1: person(years(61)),
});
export type Family = ReturnType<typeof family>;

/** What the register is to answer, and what it was asked. */
export interface TestRegister {
  answer: GuardianshipFinding | Error;
  readonly asked: GuardianshipQuery[];
}

/** The consent service over a database, and short ways to use it. */
export interface VouchConsent {
  readonly service: ConsentService;
  readonly store: Store<ConsentTables>;
  readonly keyring: Keyring;
  readonly register: TestRegister;
}

const KEYS = generateKeyring();

/** The keyring after a rotation: a new key is current, the old one still reads. */
export function rotatedKeys(): string {
  const { keys } = JSON.parse(KEYS) as { keys: Record<string, string> };
  const { keys: fresh } = JSON.parse(generateKeyring()) as { keys: { k1: string } };
  return JSON.stringify({ current: 'k2', keys: { ...keys, k2: fresh.k1 } });
}

/** Another instance of the service over the same database is another process as far as the rules are concerned. */
export async function openConsent(database: Database, keys: string = KEYS): Promise<VouchConsent> {
  const store = await database.store<ConsentTables>('consent', migrations);
  const keyring = readKeyring(keys);
  const register: TestRegister = { answer: 'guardian', asked: [] };
  const service = createConsent({
    store,
    keyring,
    catalogues: { current: await loadCatalogue() },
    register: {
      check: async (query) => {
        register.asked.push(query);
        if (register.answer instanceof Error) throw register.answer;
        return register.answer;
      },
    },
    logger: silentLogger,
  });
  return { service, store, keyring, register };
}

/** A call without a deadline, or with one so many milliseconds from now. */
export const call = (withinMs?: number): CallContext => ({
  signal: new AbortController().signal,
  ...(withinMs !== undefined && { deadline: new Date(Date.now() + withinMs) }),
});

export const part = (subject: string, claimType: string, claimVersion = 1): Part => ({ subject, claimType, claimVersion });

export const PARTS = [part('child', 'police.household-registered'), part('guardian', 'housing.owns-home')];

export const wish = (subjects: Partial<Family>, changes: Partial<RequestConsentRequest> = {}): RequestConsentRequest => ({
  platform: PLATFORM,
  purpose: PURPOSE,
  parts: PARTS,
  subjects: subjects as Record<string, TestPerson>,
  validFrom: new Date(Date.now() - DAY_MS),
  validUntil: new Date(Date.now() + DAY_MS),
  maxUses: 3,
  retentionDays: 30,
  consentId: randomUUID(),
  fingerprint: 'f',
  ...changes,
});

export const viewer = ({ keyring }: VouchConsent, who: TestPerson): Viewer => ({
  consentPseudonyms: keyring.pseudonyms('consent', who.idNumber),
  auditPseudonyms: keyring.pseudonyms('audit', who.idNumber),
  actorRef: `sub-${who.name}`,
});

/** A consent that is granted by the guardian; returns its id. */
export async function grantedConsent(vouch: VouchConsent, people: Family, changes: Partial<RequestConsentRequest> = {}): Promise<string> {
  const request = wish(people, changes);
  await vouch.service.consent.requestConsent(request, call());
  vouch.register.answer = 'guardian';
  await vouch.service.consent.grantConsent({ consentId: request.consentId, viewer: viewer(vouch, people.guardian), parts: [] }, call());
  return request.consentId;
}

export function redemption(
  { keyring }: VouchConsent,
  people: Partial<Family>,
  consentId: string,
  changes: Partial<RedeemRequest> = {},
): RedeemRequest {
  const persons = Object.fromEntries(
    Object.entries(people).map(([key, { idNumber }]) => [
      key,
      { consentPseudonyms: keyring.pseudonyms('consent', idNumber), auditPseudonym: keyring.pseudonym('audit', idNumber) },
    ]),
  );
  return {
    verificationId: randomUUID(),
    platform: PLATFORM,
    purpose: PURPOSE,
    region: '370102',
    consentId,
    parts: PARTS,
    persons,
    leaseMs: 3000,
    fingerprint: 'f',
    traceparent: '',
    ...changes,
  };
}

/** Redeems; the lease, or the code of the refusal. */
export async function redeem({ service }: VouchConsent, request: RedeemRequest) {
  const { result } = await service.redemption.redeem(request, call());
  return result?.$case === 'lease' ? result.value : (result?.value.code ?? 'no answer');
}

/** The code that something is refused with. */
export const codeOf = (done: Promise<unknown>): Promise<string> =>
  done.then(
    () => 'ok',
    (failure: VouchError) => failure.code ?? String(failure),
  );

/** Everything in the outbox about one key, in order. */
export async function eventsOf(store: Store<ConsentTables>, topic: string, key: string) {
  const rows = await store.db.selectFrom('outbox').select('events').orderBy('id').execute();
  return rows
    .flatMap((row) => JSON.parse(row.events) as BusMessage[])
    .filter((event) => event.topic === topic && event.key === key)
    .map(({ type, sequence, json, traceparent }) => ({
      type,
      sequence,
      payload: JSON.parse(json) as Record<string, unknown>,
      traceparent,
    }));
}

/** Audit records about one consent or verification, in order. */
export async function auditOf(store: Store<ConsentTables>, id: string): Promise<AuditRecorded[]> {
  const events = await eventsOf(store, 'vouch.audit.v1', `c:${id}`);
  return events.map((event) => AuditRecorded.fromJSON(event.payload));
}

/** Every row of every table as text. */
export async function dump(store: Store<ConsentTables>): Promise<string> {
  const { rows } = await sql<{
    name: string;
  }>`select table_name as name from information_schema.tables where table_schema = 'consent'`.execute(store.db);
  const texts = await Promise.all(
    rows.map(async ({ name }) => {
      const found = await sql<{ row: string }>`select t::text as row from ${sql.table(`consent.${name}`)} t`.execute(store.db);
      return found.rows.map(({ row }) => row).join('\n');
    }),
  );
  return texts.join('\n');
}
