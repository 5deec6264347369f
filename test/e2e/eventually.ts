/** Waits until a condition gives something other than undefined or false; fails with what it last saw when it never does. */
export async function eventually<T>(what: string, condition: () => Promise<T | undefined | false>, withinMs = 30_000): Promise<T> {
  const until = Date.now() + withinMs;
  let last: unknown;
  while (Date.now() < until) {
    try {
      const value = await condition();
      if (value !== undefined && value !== false) return value;
    } catch (failure) {
      last = failure;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`Never happened: ${what}`, { cause: last });
}
