/** Room for rows to be asked at once, in one instance. */
export interface RowSlots {
  /** Resolves when there is room for one more of the platform's, in the order of asking among those that may. Whoever has entered must leave. */
  enter(platform: string): Promise<void>;
  leave(platform: string): void;
}

/** What decides how much room there is, as it stands at the moment. */
export interface Room {
  /** People who wait for a lookup, now or lately. */
  readonly people: () => number;
  /** Rows of a platform that may be asked at once; one is let in, even if there is room for none. */
  readonly mostOf: (platform: string) => number;
}

// With so many people lately batches have half of their room left, with one at all times a hundredth: each row beside a person makes that person
// wait for about as long as the row takes.
const HALF_AT = 0.01;

/** Rows that may be asked at once beside so many people. It never falls to nothing, or a busy day would hold up batches for good. */
export const roomFor = (most: number, people: number): number => Math.max(1, Math.floor((most * HALF_AT) / (HALF_AT + people)));

/** Slots that give way to lookups of people. A platform at its own bound holds up no other. */
export function createRowSlots(most: number, { people, mostOf }: Room): RowSlots {
  const waiting: { readonly platform: string; readonly go: () => void }[] = [];
  const insideOf = new Map<string, number>();
  let inside = 0;

  const mayEnter = ({ platform }: { platform: string }): boolean => (insideOf.get(platform) ?? 0) < Math.max(1, mostOf(platform));

  function admit(): void {
    while (inside < roomFor(most, people())) {
      const at = waiting.findIndex(mayEnter);
      if (at === -1) return;
      const [next] = waiting.splice(at, 1);
      if (!next) return;
      inside += 1;
      insideOf.set(next.platform, (insideOf.get(next.platform) ?? 0) + 1);
      next.go();
    }
  }

  return {
    enter: (platform) =>
      new Promise((resolve) => {
        waiting.push({ platform, go: resolve });
        admit();
      }),
    leave(platform) {
      inside -= 1;
      const left = (insideOf.get(platform) ?? 1) - 1;
      if (left > 0) insideOf.set(platform, left);
      else insideOf.delete(platform);
      admit();
    },
  };
}
