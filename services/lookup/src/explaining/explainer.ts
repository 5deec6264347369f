import type { Catalogue } from '@vouch/catalogue';
import { fromUnknown } from '@vouch/errors';
import type { Keyring } from '@vouch/identity';
import type { Finding, Plan } from '@vouch/rules';
import type { Logger } from '@vouch/telemetry';
import { type Language, type Told, tell } from '@vouch/what-if';
import { toInputs } from '../domain/application.js';
import { isNotAskedYet } from '../domain/rounds.js';
import { unsealPersonal } from '../keeping/sealed.js';
import type { StoredClaim, Verification } from '../keeping/verification.js';

/** Why a verification of a requirement set came out as it did, told in one language. */
export type Explanation = { readonly language: Language; readonly entryYear: number; readonly applicationDate: string } & Told;

/** Explains verifications when they are read: nothing of it is stored. */
export interface Explainer {
  /**
   * What the set makes of what is known; undefined for explicit claims, for what was refused or erased, and when the rules that decided
   * cannot be worked out again.
   */
  explain(verification: Verification, language: Language): Promise<Explanation | undefined>;
}

/** An explainer. `catalogueOf` finds the catalogue of a version; undefined when it is not known. What is in the way costs the explanation, not the answer. */
export function createExplainer(options: {
  readonly catalogueOf: (version: string) => Promise<Catalogue | undefined>;
  readonly keyring: Keyring;
  readonly logger: Logger;
}): Explainer {
  const { catalogueOf, keyring, logger } = options;

  async function explain(verification: Verification, language: Language): Promise<Explanation | undefined> {
    const { id, requirementSet, application, personal, catalogueVersion, claims, erasedAt, status } = verification;
    if (requirementSet === undefined || catalogueVersion === undefined || !application || erasedAt) return undefined;
    const catalogue = await catalogueOf(catalogueVersion);
    const set = catalogue?.requirementSet(requirementSet);
    if (!catalogue || !set) return undefined;
    const inputs = personal ? unsealPersonal(keyring, id, personal) : {};
    const plan = set.compiled.plan(toInputs({ ...application, personal: inputs }));
    // A later release may work a set out otherwise; better no explanation than one of other claims.
    if (!isSame(plan, claims)) return undefined;
    const { entryYear, applicationDate } = application;
    return {
      language,
      entryYear,
      applicationDate,
      ...tell(catalogue, { set, plan, findings: claims.map(toFinding), language, askedAgain: status === 'pending' }),
    };
  }

  return {
    async explain(verification, language) {
      try {
        return await explain(verification, language);
      } catch (failure) {
        const { id: verificationId, catalogueVersion } = verification;
        logger.warn(
          { verificationId, catalogueVersion, code: fromUnknown(failure).code, err: failure },
          'a verification cannot be explained',
        );
        return undefined;
      }
    },
  };
}

const isSame = (plan: Plan, claims: readonly StoredClaim[]): boolean =>
  plan.claims.length === claims.length &&
  plan.claims.every(({ type, version, subject }, index) => {
    const claim = claims[index];
    return claim?.type === type && claim.version === version && claim.subject === subject;
  });

const toFinding = (claim: StoredClaim): Finding => {
  const { outcome, disclosures } = claim;
  return outcome === 'not_needed' || isNotAskedYet(claim) ? undefined : { outcome, disclosures };
};
