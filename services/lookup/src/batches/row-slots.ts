/** Room for rows to be asked at once, in one instance. */
export interface RowSlots {
  /** Resolves when there is room for one more, in the order of asking. Whoever has entered must leave. */
  enter(): Promise<void>;
  leave(): void;
}

// With so many lookups of people under way batches have half of their room left.
const HALF_AT = 4;

/**
 * Rows that may be asked at once while so many people wait for lookups of their own. It never falls to nothing, or a busy day would hold
 * up batches for good.
 */
export const roomFor = (most: number, interactive: number): number => Math.max(1, Math.floor((most * HALF_AT) / (HALF_AT + interactive)));

/** Slots that give way: `interactive` tells how many lookups of people are under way at this moment. */
export function createRowSlots(most: number, interactive: () => number): RowSlots {
  const waiting: (() => void)[] = [];
  let inside = 0;

  function admit(): void {
    while (waiting.length > 0 && inside < roomFor(most, interactive())) {
      inside += 1;
      waiting.shift()?.();
    }
  }

  return {
    enter: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        admit();
      }),
    leave() {
      inside -= 1;
      admit();
    },
  };
}
