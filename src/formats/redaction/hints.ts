/**
 * Something that is made when it is first asked for. Most texts need few of the patterns that there are, and to make all of
 * them takes a process that looks through one prompt longer than the rest of that.
 */
export function lazily<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

/**
 * Whether a text in lower case holds one of these words, without which a pattern cannot match. It is asked before the
 * pattern, which V8 compiles twice for a text that is looked through once.
 */
export function holdsOne(lower: string, words: readonly string[]): boolean {
  return words.some(word => lower.includes(word));
}

/** What each alternative of a pattern begins with, in lower case, as far as it is the same in all texts. */
export function beginningsOf(pattern: string): string[] {
  const alternatives = pattern.replace(/\([^)]*\)[^|]*/g, '').split('|');
  return alternatives.map(one => (/^[\w /:-]*?(?=.?[?*{]|[^\w /:-]|$)/.exec(one)?.[0] ?? '').toLowerCase());
}
