/** A word as a shell writes it: bare, or whole in one kind of quotes. Nothing else of a shell has a meaning. */
const WORD = /\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+))(?=\s|$)/y;

/**
 * A program and its arguments, as systemd's ExecStart has them: separated by blanks, with quotes around words that
 * contain some. Variables, pipes and patterns are no more than text.
 *
 * @throws Error that says what is wrong, without the value
 */
export function splitCommand(text: string): string[] {
  const words: string[] = [];
  const line = text.trim();
  WORD.lastIndex = 0;
  while (WORD.lastIndex < line.length) {
    const found = WORD.exec(line);
    if (!found) throw new Error('must be a program and its arguments; quotes stand around a whole word');
    words.push(found[1] ?? found[2] ?? found[3] ?? '');
  }
  if (!words[0]) throw new Error('must be a program and its arguments');
  return words;
}
