/** No text from elsewhere (a file, a server, a row) commands the terminal that shows it. */
const CONTROL = /[^\P{Cc}\n\t]/gu;
/** What would command the terminal, break a row, or write from right to left over what stands before it. */
const UNFIT = /[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
/** JSON leaves these as they are, and some terminals obey them. */
const DELETE_AND_C1 = /[\u007f-\u009f]/g;
const SHOWN = '\ufffd';

/** Words of one or more lines, as they may be shown. */
export const printable = (text: string) => text.replace(CONTROL, SHOWN);

/** A cell of a table: whatever it holds, it is a part of one line. */
export const printableCell = (text: string) => text.replace(UNFIT, SHOWN);

const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** A value as JSON, as it may be shown: the same to whoever parses it. */
export const printableJson = (value: unknown) =>
  JSON.stringify(value, null, 2).replace(DELETE_AND_C1, escaped);
