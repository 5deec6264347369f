import type { Finding } from '../guards/scenario.js';
import { median } from './statistics.js';
import { render } from './table.js';

/** What guards come to: medians over the rounds, and the ratio within each. */
export function toGuardsTable(rounds: readonly (readonly Finding[])[]): string {
  const promises = [...new Set(rounds.flat().map(({ promise }) => promise))];
  return render(
    promises.map((promise) => {
      const all = rounds.flat().filter((finding) => finding.promise === promise);
      const ratios = all.map(({ measured, beside }) => measured / beside);
      const [first] = all as [Finding];
      return {
        promise,
        without: `${median(all.map(({ beside }) => beside)).toFixed(1)} ${first.unit}`,
        with: `${median(all.map(({ measured }) => measured)).toFixed(1)} ${first.unit}`,
        ratio: median(ratios).toFixed(2),
        'from to': `${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}`,
      };
    }),
  );
}
