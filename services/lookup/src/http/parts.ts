import type { CatalogueStanding, Catalogues, CatalogueVersions } from '@vouch/catalogue-versions';
import type { Logger, Tracer } from '@vouch/telemetry';
import type { Batches } from '../batches/batches.js';
import type { Admission } from '../callers/admission.js';
import type { Authenticator } from '../callers/authenticate.js';
import type { Slots } from '../callers/slots.js';
import type { AccessLog } from '../consenting/access-log.js';
import type { Consents } from '../consenting/consents.js';
import type { Explainer } from '../explaining/explainer.js';
import type { Readiness } from '../readiness.js';
import type { Lookup } from '../verifying/lookup.js';
import type { Watches } from '../watching/watches.js';
import type { ServerBounds } from './server.js';

/** What the HTTP edge needs. */
export interface HttpParts extends ServerBounds {
  readonly lookup: Lookup;
  readonly slots: Slots;
  readonly watches: Watches;
  readonly batches: Batches;
  readonly consents: Consents;
  readonly accessLog: AccessLog;
  readonly catalogues: Catalogues;
  readonly explainer: Explainer;
  /** The catalogue of a version that was ever in effect. */
  readonly catalogueOf: CatalogueVersions['catalogueOf'];
  readonly authenticator: Authenticator;
  readonly admission: Admission;
  readonly readiness: () => Promise<Readiness>;
  /** Which catalogue is in effect, and why a newer one is not. */
  readonly standing: () => CatalogueStanding;
  /** Whether the service is about to stop: connections are to go elsewhere. Never unless said. */
  readonly leaving?: () => boolean;
  readonly tracer: Tracer;
  readonly logger: Logger;
  /** True behind a proxy that sets X-Forwarded-For. */
  readonly trustProxy: boolean;
}
