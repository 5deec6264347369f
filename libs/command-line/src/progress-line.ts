import type { Batch } from '@vouch/client';

const LONGEST_BAR = 40;
const FULL = '█';
const EMPTY = '░';

/** How far a batch is, on one line: a bar, rows, what failed, rate and time left. */
export function toProgressLine(batch: Batch, columns: number): string {
  const { status, rows, ratePerSecond, remainingSeconds } = batch;
  const over = rows.done + rows.failed;
  const texts = [
    `${over}/${rows.total}`,
    ...(rows.failed > 0 ? [`${rows.failed} failed`] : []),
    ...(status === 'running' ? [`${ratePerSecond}/s`] : [status]),
    ...(remainingSeconds === undefined ? [] : [`${toDuration(remainingSeconds)} left`]),
  ];
  const text = texts.join('  ');
  const share = rows.total === 0 ? 0 : over / rows.total;
  const percent = `${String(Math.floor(share * 100)).padStart(3)}%`;
  const width = Math.min(LONGEST_BAR, columns - text.length - percent.length - 4);
  return width < 5 ? `${percent}  ${text}` : `${toBar(share, width)} ${percent}  ${text}`;
}

/** A bar of a width, in characters; `share` is 0 to 1. */
export function toBar(share: number, width: number): string {
  const full = Math.floor(share * width);
  return FULL.repeat(full) + EMPTY.repeat(width - full);
}

/** Seconds as people say them. */
export function toDuration(seconds: number): string {
  const [hours, minutes, rest] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, Math.round(seconds) % 60];
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${rest} s` : `${rest} s`;
}

/** Bytes as people say them. */
export function toBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  const power = bytes === 0 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  return `${power === 0 ? bytes : (bytes / 1_000 ** power).toFixed(1)} ${units[power]}`;
}
