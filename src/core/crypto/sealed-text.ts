declare const SEALED: unique symbol;

/**
 * A sealed value (`v3.…`) as it stands in a column. A string when it runs and none when it compiles: text cannot
 * be stored in its place, and it cannot be answered with as text.
 */
export interface SealedText {
  readonly [SEALED]: true;
}

/** What a column of sealed values holds, when a statement has read it as text. Only opening proves that it is one. */
export function sealedFromColumn(text: string): SealedText {
  return text as unknown as SealedText;
}

/** The text of the column, for a statement's values. */
export function sealedForColumn(sealed: SealedText): string {
  return sealed as unknown as string;
}
