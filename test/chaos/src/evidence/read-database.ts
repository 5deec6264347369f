import pg from 'pg';
import type { Answer } from '../answer.js';
import type { CatalogueChanges, ChunkRow, DatabaseEvidence, RowOutcome } from './evidence.js';

interface Verification {
  id: string;
  platform: string;
  status: string;
  verdict: string | null;
  code: string | null;
  purpose: string;
  region: string;
  requirement_set: string | null;
  catalogue_version: string | null;
  consent_id: string | null;
  claims: Record<string, unknown>[];
  alternatives: Record<string, unknown>[];
  sealed: boolean;
  sequence: number;
  created_at: Date;
  completed_at: Date | null;
  erased_at: Date | null;
  give_up_at: Date | null;
}

interface Chunk {
  batch_id: string;
  first_row: number;
  row_count: number;
  outcomes: (RowOutcome | null)[] | null;
  pending: number;
  leased: boolean;
  sealed: boolean;
}

/** Reads all that the checks want to know of the database. */
export async function readDatabase(url: string): Promise<DatabaseEvidence> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const read = async <Row extends pg.QueryResultRow>(sql: string): Promise<Row[]> => (await client.query<Row>(sql)).rows;
  try {
    const consents = await read(`select id, status, max_uses, uses, granted_at, event_sequence, audit_sequence from consent.consents`);
    const redemptions = await read(`select verification_id, consent_id, redeemed_at, lease_end, audit_sequence from consent.redemptions`);
    const verifications = await read<Verification>(
      `select id, platform, status, verdict, code, purpose, region, requirement_set, catalogue_version, consent_id, claims, alternatives,
        sealed is not null as sealed, sequence, created_at, completed_at, erased_at, give_up_at from lookup.verifications`,
    );
    const catalogueChanges = await read<CatalogueChanges>(
      `select 'lookup' as service, max(sequence)::int as sequence from lookup.catalogue_changes having count(*) > 0
      union all select 'consent', max(sequence)::int from consent.catalogue_changes having count(*) > 0`,
    );
    const leaves = await read(
      `select l.index, l.event_id, l.type, l.leaf, l.leaf_hash, c.salt, c.payload
      from audit.leaves l left join audit.leaf_contents c on c.index = l.index order by l.index`,
    );
    const batches = await read(`select id, platform, status, total from lookup.batches order by ordinal`);
    const chunks = await read<Chunk>(
      `select batch_id, first_row, row_count, outcomes, pending, lease is not null as leased, sealed is not null as sealed
      from lookup.batch_chunks order by batch_id, number`,
    );
    const unknown = await read(`select verification_id from audit.verifications where unknown_leaf is not null`);
    const [waiting] = await read(
      `select (select count(*) from lookup.outbox)::int as lookup, (select count(*) from consent.outbox)::int as consent`,
    );
    return {
      consents: consents.map((row) => ({
        id: row.id,
        status: row.status,
        maxUses: row.max_uses,
        uses: row.uses,
        ...(row.granted_at && { grantedAt: row.granted_at }),
        eventSequence: row.event_sequence,
        auditSequence: row.audit_sequence,
      })),
      catalogueChanges,
      redemptions: redemptions.map((row) => ({
        verificationId: row.verification_id,
        ...(row.consent_id && { consentId: row.consent_id }),
        redeemedAt: row.redeemed_at,
        leaseEnd: row.lease_end,
        auditSequence: row.audit_sequence,
      })),
      verifications: verifications.map((row) => ({
        id: row.id,
        platform: row.platform,
        status: row.status,
        ...(row.code !== null && { code: row.code }),
        ...(row.consent_id !== null && { consentId: row.consent_id }),
        sequence: row.sequence,
        createdAt: row.created_at,
        ...(row.erased_at && { erasedAt: row.erased_at }),
        ...(row.give_up_at && { giveUpAt: row.give_up_at }),
        sealed: row.sealed,
        answer: toAnswer(row),
      })),
      leaves: leaves.map((row) => ({
        index: BigInt(row.index),
        eventId: row.event_id,
        type: row.type,
        leaf: row.leaf,
        leafHash: row.leaf_hash,
        ...(row.salt && { salt: row.salt, payload: JSON.parse(row.payload) }),
      })),
      batches: batches.map(({ id, platform, status, total }) => ({
        id,
        platform,
        status,
        total,
        chunks: chunks.filter(({ batch_id: of }) => of === id).map(toChunk),
      })),
      answerUnknown: new Set(unknown.map((row) => row.verification_id as string)),
      waiting: { lookup: waiting?.lookup ?? 0, consent: waiting?.consent ?? 0 },
    };
  } finally {
    await client.end();
  }
}

const toChunk = (row: Chunk): ChunkRow => ({
  firstRow: row.first_row,
  rowCount: row.row_count,
  outcomes: Array.from({ length: row.row_count }, (_, index) => row.outcomes?.[index] ?? null),
  pending: row.pending,
  leased: row.leased,
  sealed: row.sealed,
});

/** The answer that the API must give of a row; written down here a second time on purpose. */
function toAnswer(row: Verification): Answer {
  const only = (item: Record<string, unknown>, names: readonly string[]) =>
    Object.fromEntries(Object.entries(item).filter(([name]) => names.includes(name)));
  return {
    id: row.id,
    status: row.status,
    ...(row.verdict === null ? {} : { verdict: row.verdict }),
    purpose: row.purpose,
    region: row.region,
    ...(row.requirement_set === null ? {} : { requirementSet: row.requirement_set }),
    ...(row.catalogue_version === null ? {} : { catalogueVersion: row.catalogue_version }),
    legalBasis: row.consent_id === null ? { type: 'statutory_duty' } : { type: 'consent', consentId: row.consent_id },
    createdAt: row.created_at.toISOString(),
    ...(row.completed_at === null ? {} : { completedAt: row.completed_at.toISOString() }),
    ...(row.code === null ? {} : { code: row.code }),
    claims: row.claims.map((claim) =>
      only(claim, ['type', 'version', 'subject', 'outcome', 'agency', 'asOf', 'disclosures', 'reason']),
    ) as unknown as Answer['claims'],
    alternatives: row.alternatives.map((one) => only(one, ['id', 'result', 'reason', 'claims'])),
  };
}
