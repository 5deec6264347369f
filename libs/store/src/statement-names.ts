/** Gives statements names under which a connection keeps them prepared, so that the server parses and plans each once, not each time. */
export interface StatementNames {
  /** The name of a text that came before; undefined for one that is new or comes too late: it is run without a name. */
  nameOf(text: string): string | undefined;
}

/** Names for at most `most` texts; a text gets one when it comes for the second time, since many come once (migrations, lists of any length). */
export function createStatementNames(most: number): StatementNames {
  const names = new Map<string, string | undefined>();
  let named = 0;
  return {
    nameOf(text) {
      const name = names.get(text);
      if (name !== undefined || named >= most) return name;
      if (names.has(text)) {
        named += 1;
        const given = `vouch_${named}`;
        names.set(text, given);
        return given;
      }
      // Texts that never come again must not pile up either.
      if (names.size - named < most) names.set(text, undefined);
      return undefined;
    },
  };
}
