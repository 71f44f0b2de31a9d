/** What was given is malformed, was altered, or belongs to another key or place; which of them is not told. */
export class FormatError extends Error {
  override readonly name = 'FormatError';
}
