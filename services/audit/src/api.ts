import { TerminalError, toVouchError } from '@vouch/errors';
import { type Access, AccessResult, type AuditServiceService } from '@vouch/proto/audit/v1/audit';
import type { Port } from '@vouch/rpc';
import type { Store } from '@vouch/store';
import { type Result, resultOf } from './domain/result.js';
import { readPageToken, toPageToken } from './page-token.js';
import { type AccessRow, readAccesses, readLeaf } from './store.js';
import type { AuditTables } from './tables.js';

const USUAL_PAGE = 50;
const LARGEST_PAGE = 200;
const MOST_PSEUDONYMS = 50;

const RESULTS: Readonly<Record<Result, AccessResult>> = {
  under_way: AccessResult.UNDER_WAY,
  answered: AccessResult.ANSWERED,
  refused: AccessResult.REFUSED,
  answer_unknown: AccessResult.ANSWER_UNKNOWN,
};

/** The audit port. */
export function createAuditApi(store: Store<AuditTables>): Port<typeof AuditServiceService> {
  return {
    async listAccesses({ auditPseudonyms, pageSize, pageToken }) {
      if (pageSize > LARGEST_PAGE) throw invalid('/pageSize', `0 to ${LARGEST_PAGE}`);
      if (auditPseudonyms.length === 0 || auditPseudonyms.length > MOST_PSEUDONYMS) {
        throw invalid('/auditPseudonyms', `1 to ${MOST_PSEUDONYMS} pseudonyms`);
      }
      const size = pageSize || USUAL_PAGE;
      // One more than asked for says whether there is another page.
      const rows = await readAccesses(store, auditPseudonyms, readPageToken(pageToken), size + 1);
      const page = rows.slice(0, size);
      const last = page.at(-1);
      const more = rows.length > size && last;
      return {
        accesses: page.map(toAccess),
        nextPageToken: more ? toPageToken({ at: last.at, verificationId: last.verification_id }) : '',
      };
    },

    async getLeaf({ eventId }) {
      const row = await readLeaf(store, eventId);
      if (!row) throw toVouchError('leaf_not_found');
      return { index: BigInt(row.index), leaf: row.leaf, leafHash: row.leaf_hash };
    },
  };
}

function toAccess(row: AccessRow): Access {
  const { answered, overdue } = row;
  const result = resultOf({ answered, refused: row.refusal !== null, overdue });
  return {
    verificationId: row.verification_id,
    at: row.at,
    platform: row.platform,
    purpose: row.purpose,
    region: row.region,
    claimTypes: row.claim_types.filter((type) => type !== null),
    legalBasis: row.legal_basis,
    result: RESULTS[result],
    code: result === 'refused' ? (row.refusal ?? '') : '',
    consentId: row.consent_id,
  };
}

const invalid = (pointer: string, detail: string) =>
  new TerminalError('request_invalid', { faults: [{ pointer, code: 'out_of_range', detail }] });
