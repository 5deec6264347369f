import { isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import type { Texts } from './texts.js';

/** Where a value is in a file: keys and indexes from the top. */
export type Path = readonly PropertyKey[];

/** What is wrong with the catalogue's data, each as `file:line: text`. */
export type Faults = string[];

/** One file, read and checked. `data` is undefined when it has faults. */
export interface Source<T> {
  readonly file: string;
  readonly data: T | undefined;
  /** As it is written, before the schema added what is left unsaid. */
  readonly raw: unknown;
  /** `file:line: text` of a value, or of the nearest thing around it. */
  at(path: Path, text: string): string;
}

/** Reads a YAML (or JSON) file out of those of a folder and checks it; what is wrong is added to the faults. */
export function readSource<S extends z.ZodType>(texts: Texts, file: string, schema: S, faults: Faults): Source<z.output<S>> {
  const found = texts.get(file) ?? { code: 'ENOENT' };
  if (!('text' in found)) {
    faults.push(`${file}: cannot be read (${found.code}): put it there, and let the service read it`);
    return { file, data: undefined, raw: undefined, at: (_path, fault) => `${file}: ${fault}` };
  }

  const lines = new LineCounter();
  const document = parseDocument(found.text, { lineCounter: lines, uniqueKeys: true });
  const at = (path: Path, fault: string): string => `${file}:${lines.linePos(offsetOf(document, path)).line}: ${fault}`;

  for (const error of document.errors) {
    faults.push(`${file}:${lines.linePos(error.pos[0]).line}: ${error.message.split('\n')[0]?.replace(/ at line .*/, '')}: mend the YAML`);
  }
  if (document.errors.length > 0) return { file, data: undefined, raw: undefined, at };

  const raw: unknown = document.toJS();
  const checked = schema.safeParse(raw);
  if (checked.success) return { file, data: checked.data, raw, at };
  for (const { path, at: where, message, remedy } of checked.error.issues.flatMap((issue) => plain(issue, []))) {
    faults.push(at(where, `${path.join('.') || 'the file'}: ${message}: ${remedy}`));
  }
  return { file, data: undefined, raw, at };
}

type Issue = z.core.$ZodIssue;

/** What is wrong, in the words of the branch of a union that was meant: of several the one that misses and minds fewest fields. */
function plain(issue: Issue, outer: Path): { path: Path; at: Path; message: string; remedy: string }[] {
  const path = [...outer, ...issue.path];
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const strange = (issues: readonly Issue[]): number =>
      issues.reduce(
        (sum, one) =>
          sum + (one.code === 'unrecognized_keys' ? one.keys.length : one.path.length <= 1 && one.code === 'invalid_type' ? 1 : 0),
        0,
      );
    const meant = [...issue.errors].sort((a, b) => strange(a) - strange(b))[0] ?? [];
    // When no branch was meant, the union speaks for itself.
    if (meant.some((one) => one.code !== 'invalid_type' || one.path.length > 0)) return meant.flatMap((one) => plain(one, path));
  }
  if (issue.code !== 'unrecognized_keys') return [{ path, at: path, message: issue.message, remedy: remedyOf(issue) }];
  return [{ path, at: [...path, issue.keys[0] ?? ''], message: issue.message, remedy: 'take it out, or correct its name' }];
}

function remedyOf(issue: Issue): string {
  if (issue.code === 'invalid_type') return issue.message.endsWith('received undefined') ? 'add it' : 'write a value of this type';
  if (issue.code === 'too_small' || issue.code === 'too_big') return 'keep within this bound';
  return REMEDIES[issue.code] ?? 'write it so';
}

const REMEDIES: Readonly<Partial<Record<Issue['code'], string>>> = {
  invalid_value: 'write one of those',
  invalid_union: 'write one of the forms that may stand here',
  invalid_key: 'rename it so',
};

function offsetOf(document: ReturnType<typeof parseDocument>, path: Path): number {
  for (let length = path.length; length > 0; length--) {
    const parent: unknown = document.getIn(path.slice(0, length - 1), true);
    if (isMap(parent)) {
      const pair = parent.items.find(({ key }) => isScalar(key) && key.value === path[length - 1]);
      if (pair && isNode(pair.key) && pair.key.range) return pair.key.range[0];
    }
    const node: unknown = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return document.contents?.range?.[0] ?? 0;
}
