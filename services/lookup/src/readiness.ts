import { RetryableError } from '@vouch/errors';

/** Parts that the service cannot do without. */
export type Part = 'edge' | 'store' | 'bus' | 'relay' | 'consent' | 'audit' | 'issuer';

/** How the service is. */
export interface Readiness {
  readonly ready: boolean;
  /** `ready`, or the code of what is wrong, by part. */
  readonly parts: Readonly<Record<string, string>>;
}

/** One check: resolves when the part is ready. */
export type Check = () => Promise<unknown>;

const TIMEOUT_MS = 2_000;

/** Runs every check at once, each within two seconds. */
export async function checkReadiness(checks: Readonly<Partial<Record<Part, Check>>>): Promise<Readiness> {
  const results = await Promise.all(Object.entries(checks).map(async ([name, check]) => [name, await resultOf(check)] as const));
  return { ready: results.every(([, result]) => result === 'ready'), parts: Object.fromEntries(results) };
}

async function resultOf(check: Check): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new RetryableError('deadline_exceeded')), TIMEOUT_MS);
  });
  try {
    await Promise.race([check(), late]);
    return 'ready';
  } catch (failure) {
    return failure instanceof RetryableError ? failure.code : 'unavailable';
  } finally {
    clearTimeout(timer);
  }
}
