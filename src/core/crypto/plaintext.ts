/**
 * A secret in the clear. It is no string, so that nothing stores or answers with it by mistake: a column or an
 * answer of text does not take it, and logs, JSON and string templates show `***`.
 */
export class Plaintext {
  readonly #text: string;

  private constructor(text: string) {
    this.#text = text;
  }

  static of(text: string): Plaintext {
    return new Plaintext(text);
  }

  /**
   * The secret as text. Called where it is handed to somebody who passed the gate, sealed, judged or used up, and
   * nowhere else: the lint knows these files.
   */
  disclose(): string {
    return this.#text;
  }

  toString(): string {
    return '***';
  }

  toJSON(): string {
    return '***';
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '***';
  }
}
