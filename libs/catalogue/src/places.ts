import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';

/** Where something stands in a file; lines and columns from 1. */
export interface Place {
  /** As it was given, with `/`. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Values of YAML files that know where they stand. */
export interface Places {
  /** Reads a text without faults; its objects and lists are remembered. */
  read(file: string, text: string): unknown;
  /** Where an object or a list stands, or a field or an item of it; of what is not known the nearest thing around it that is. */
  placeOf(at: object, key?: PropertyKey): Place;
  /** Says that a copy stands where another object does. */
  standsFor(copy: object, original: object): void;
}

interface Known {
  readonly own: Place;
  readonly fields: ReadonlyMap<string, Place>;
}

/** Nothing read yet. */
export function createPlaces(): Places {
  const known = new WeakMap<object, Known>();

  return {
    read(file, text) {
      const lines = new LineCounter();
      const document = parseDocument(text, { lineCounter: lines });
      const placeAt = (offset: number): Place => {
        const { line, col } = lines.linePos(offset);
        return { file: file.replaceAll('\\', '/'), line, column: col };
      };

      const toValue = (node: Node | null | undefined, from: number): unknown => {
        if (isAlias(node)) return toValue(node.resolve(document), from);
        if (isScalar(node) || !node) return node?.value;
        const start = node.range?.[0] ?? from;
        const fields = new Map<string, Place>();
        if (isSeq(node)) {
          const list = node.items.map((item, index) => {
            const at = (item as Node).range?.[0] ?? start;
            fields.set(String(index), placeAt(at));
            return toValue(item as Node, at);
          });
          known.set(list, { own: placeAt(start), fields });
          return list;
        }
        if (!isMap(node)) return undefined;
        const entries = node.items.map(({ key, value }): [string, unknown] => {
          const at = (key as Node).range?.[0] ?? start;
          const name = String(isScalar(key) ? key.value : key);
          fields.set(name, placeAt(at));
          return [name, toValue(value as Node | null, at)];
        });
        const record = Object.fromEntries(entries);
        known.set(record, { own: placeAt(start), fields });
        return record;
      };
      return toValue(document.contents as Node | null, 0);
    },
    placeOf(at, key) {
      const place = known.get(at);
      if (!place) return { file: '', line: 1, column: 1 };
      return (key === undefined ? undefined : place.fields.get(String(key))) ?? place.own;
    },
    standsFor(copy, original) {
      const place = known.get(original);
      if (place) known.set(copy, place);
    },
  };
}
