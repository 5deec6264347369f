const JSON_TYPES = ['application/json', 'application/problem+json'];

/** Whether an `accept` header lets a media type be served; JSON unless said. Problems are always sent, whatever it says. */
export const accepts = (accept: string | undefined, produced?: string): boolean =>
  chooseType(accept, produced === undefined ? JSON_TYPES : [produced]) !== undefined;

/** Of the media types that can be served the one that an `accept` header likes best, the first of several; undefined when it takes none. */
export function chooseType<T extends string>(accept: string | undefined, offered: readonly T[]): T | undefined {
  if (accept === undefined || accept.trim() === '') return offered[0];
  const ranges = accept.split(',').map(readRange);
  let best: { type: T; quality: number } | undefined;
  for (const type of offered) {
    const quality = qualityOf(type, ranges);
    if (quality > (best?.quality ?? 0)) best = { type, quality };
  }
  return best?.type;
}

interface Range {
  readonly type: string;
  readonly quality: number;
}

function readRange(text: string): Range {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const quality = parameters.map((parameter) => /^q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.exec(parameter)?.[1]).find((value) => value);
  return { type, quality: quality === undefined ? 1 : Number(quality) };
}

// The most specific range decides, whatever its quality (RFC 9110 §12.5.1).
function qualityOf(type: string, ranges: readonly Range[]): number {
  for (const range of [type, `${type.split('/')[0]}/*`, '*/*']) {
    const found = ranges.find((one) => one.type === range);
    if (found) return found.quality;
  }
  return 0;
}
