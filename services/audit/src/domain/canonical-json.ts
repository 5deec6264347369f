/**
 * Canonical JSON (RFC 8785) of what JSON.parse can give: keys sorted by UTF-16 code units, no spaces. Throws for text that is no Unicode,
 * of which there is no canonical form.
 */
export function toCanonicalJson(value: unknown): string {
  if (typeof value === 'string') return toText(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  let text = '';
  if (Array.isArray(value)) {
    for (const item of value) text += `${text && ','}${toCanonicalJson(item)}`;
    return `[${text}]`;
  }
  const members = value as Readonly<Record<string, unknown>>;
  for (const key of Object.keys(members).sort()) text += `${text && ','}${toText(key)}:${toCanonicalJson(members[key])}`;
  return `{${text}}`;
}

const LONE_SURROGATE = /\p{Surrogate}/u;

function toText(value: string): string {
  if (LONE_SURROGATE.test(value)) throw new Error('A lone surrogate has no canonical form');
  return JSON.stringify(value);
}
