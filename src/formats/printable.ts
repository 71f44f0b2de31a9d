/** What would command the terminal, break a row, or write from right to left over what stands before it. */
const UNFIT = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
/** The same in words, which may be several lines. */
const UNFIT_IN_WORDS = /(?![\n\t])[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
/** JSON leaves these as they are, and some terminals obey them. */
const UNFIT_IN_JSON = /[\u007f-\u009f\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
const SHOWN = '\ufffd';

/** Words of one or more lines, as they may be shown: no text from elsewhere (a file, a server, a row) commands the terminal. */
export const printable = (text: string) => text.replace(UNFIT_IN_WORDS, SHOWN);

/** A cell of a table: whatever it holds, it is a part of one line. */
export const printableCell = (text: string) => text.replace(UNFIT, SHOWN);

const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** A value as JSON, as it may be shown: the same to whoever parses it. */
export const printableJson = (value: unknown) =>
  JSON.stringify(value, null, 2).replace(UNFIT_IN_JSON, escaped);
