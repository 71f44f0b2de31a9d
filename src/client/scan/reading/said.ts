import type { Key } from '../../key-words/keys.js';

/** What a reader finds in a file, in its order. */
export type Said =
  | { kind: 'heading'; level: number; text: string; line: number }
  | { kind: 'pair'; key: Key; value: string; line: number }
  | { kind: 'variable'; name: string; value: string; line: number }
  /** Of a table: what follows belongs to no row before. */
  | { kind: 'end' };

/** The level of what is below every heading of a document. */
export const LOWEST_LEVEL = 9;
