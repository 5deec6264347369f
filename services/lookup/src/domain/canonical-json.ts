/**
 * Canonical JSON of a plain value (RFC 8785, for what JSON.parse can give): keys sorted by UTF-16 code units, no spaces. Members that are
 * `undefined` are left out, so that a field left away and one given as undefined are the same.
 */
export function toCanonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  let text = '';
  if (Array.isArray(value)) {
    for (const item of value) text += `${text && ','}${toCanonicalJson(item)}`;
    return `[${text}]`;
  }
  const members = value as Readonly<Record<string, unknown>>;
  for (const key of Object.keys(members).sort()) {
    const member = members[key];
    if (member !== undefined) text += `${text && ','}${JSON.stringify(key)}:${toCanonicalJson(member)}`;
  }
  return `{${text}}`;
}
