import { RetryableError } from '@vouch/errors';

/** The result of `work`, or `unavailable` when it takes longer than that. What is late is left to itself. */
export async function within<T>(ms: number, what: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new RetryableError('unavailable', { cause: new Error(`${what} took longer than ${ms} ms`) })), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    // Once it is late, nobody else hears of its failure.
    work.catch(() => undefined);
  }
}
