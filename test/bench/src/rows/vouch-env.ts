import type { Addresses } from '../driver/queries.js';
import type { Ground } from './row.js';

/** Whether spans are made, all of them, and exported by OTLP. */
export type Tracing = 'traced' | 'untraced';

/** Variables that every process of Vouch gets in a row. */
export function toVouchEnv(
  { folder, catalogueDir, keyFile, issuer, registries, collector }: Ground,
  tracing: Tracing,
): Record<string, string> {
  return {
    NODE_ENV: 'production',
    VOUCH_LOG_LEVEL: 'warn',
    VOUCH_DATA_DIR: `${folder}/vouch`,
    VOUCH_CATALOGUE_DIR: catalogueDir,
    VOUCH_KEY_FILE: keyFile,
    VOUCH_ISSUER: issuer.url,
    ...toProviderEnv(registries.addresses),
    ...(tracing === 'untraced' ? { OTEL_SDK_DISABLED: 'true' } : {}),
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_TRACES_SAMPLER: 'parentbased_always_on',
    // The SDK's own queue of 2048 spans would drop most of them, and what is dropped costs nothing.
    OTEL_BSP_MAX_QUEUE_SIZE: '65536',
    OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '4096',
  };
}

const toProviderEnv = (addresses: Addresses): Record<string, string> => ({
  VOUCH_PROVIDER_POLICE: addresses.police,
  VOUCH_PROVIDER_HOUSING: addresses.housing,
  VOUCH_PROVIDER_TAX: addresses.tax,
  VOUCH_PROVIDER_SOCIAL_SECURITY: addresses['social-security'],
});
