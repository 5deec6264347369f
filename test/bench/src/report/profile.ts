import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The parts of a CPU profile of V8 that are looked at. */
interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** Busy time by package and by function, each with its share, the largest first. */
export interface ProfileSummary {
  readonly busyMs: number;
  readonly packages: readonly (readonly [name: string, share: number])[];
  readonly functions: readonly (readonly [name: string, share: number])[];
}

const NOT_BUSY = new Set(['(idle)', '(root)']);
const MOST_LINES = 40;

/** Sums up self time. The first half of the busy samples is left out: a process warms up in it. */
export function summariseProfile({ nodes, samples, timeDeltas }: CpuProfile): ProfileSummary {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const busy = samples.flatMap((id, index) => {
    const frame = frames.get(id);
    return frame && !NOT_BUSY.has(frame.functionName) ? [{ frame, micros: timeDeltas[index] ?? 0 }] : [];
  });
  const warm = busy.slice(Math.floor(busy.length / 2));
  const byPackage = new Map<string, number>();
  const byFunction = new Map<string, number>();
  let all = 0;
  for (const { frame, micros } of warm) {
    const place = placeOf(frame.url);
    const name = frame.functionName || '(anonymous)';
    add(byPackage, place.owner || name, micros);
    add(byFunction, place.file ? `${name}  ${place.file}:${frame.lineNumber + 1}` : name, micros);
    all += micros;
  }
  const shares = (sums: ReadonlyMap<string, number>) =>
    [...sums]
      .map(([name, micros]) => [name, micros / all] as const)
      .sort(([, a], [, b]) => b - a)
      .slice(0, MOST_LINES);
  return { busyMs: all / 1_000, packages: shares(byPackage), functions: shares(byFunction) };
}

const add = (sums: Map<string, number>, name: string, micros: number): void => void sums.set(name, (sums.get(name) ?? 0) + micros);

/** What code belongs to: a package, a folder of ours, or Node itself. */
function placeOf(url: string): { owner: string; file: string } {
  if (url === '') return { owner: '', file: '' };
  if (url.startsWith('node:')) return { owner: url.split('/').slice(0, 2).join('/'), file: url };
  const [, foreign] = /.*\/node_modules\/(.+)$/.exec(url) ?? [];
  if (foreign)
    return {
      owner: foreign
        .split('/')
        .slice(0, foreign.startsWith('@') ? 2 : 1)
        .join('/'),
      file: foreign,
    };
  const [, own] = /\/((?:libs|services|proto|test)\/.+)$/.exec(url) ?? [];
  return own ? { owner: own.split('/').slice(0, 2).join('/'), file: own } : { owner: url, file: url };
}

/** The profiles of a folder as text, the busiest processes first. */
export async function describeProfiles(dir: string): Promise<string> {
  const files = (await readdir(dir)).filter((name) => name.endsWith('.cpuprofile'));
  const all = await Promise.all(
    files.map(async (file) => ({ file, summary: summariseProfile(JSON.parse(await readFile(join(dir, file), 'utf8')) as CpuProfile) })),
  );
  const lines = (shares: ProfileSummary['packages']): string =>
    shares.map(([name, share]) => `${(share * 100).toFixed(1).padStart(6)} %  ${name}`).join('\n');
  return all
    .sort((a, b) => b.summary.busyMs - a.summary.busyMs)
    .map(({ file, summary }) => `${file}: ${Math.round(summary.busyMs)} ms busy\n${lines(summary.packages)}\n\n${lines(summary.functions)}`)
    .join('\n\n');
}
