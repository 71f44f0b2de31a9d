import { asRecalled, withoutTags } from '../../formats/recalled.js';
import { cut } from '../cut.js';

/** The host takes no more than 10,000 characters of an answer. */
const MOST_OF_ANSWER = 9_500;
/** What is told beside a prompt, in characters. */
export const MOST_TOLD = 6_000;

/** JSON of ASCII alone: what a console's code page makes of anything else is different everywhere. */
function asAscii(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

const answerOf = (event: string, text: string, notice?: string) =>
  asAscii({
    ...(notice ? { systemMessage: notice } : {}),
    hookSpecificOutput: { hookEventName: event, additionalContext: asRecalled(text) },
  });

/** What ends a line for some readers, is not seen, or turns the direction of a text. */
const UNSEEN = /[^\P{Cc}\n\t]|[\u2028\u2029\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/gu;
/** What is looked at: nothing beyond it has room. */
const MOST_READ = 20_000;

/**
 * The answer to an event that puts a text into the conversation: whole lines of it, as many as there is room for, each
 * of which is one line for everybody. Takes time in proportion to what it tells, however much a server said.
 *
 * @param notice what the host shows to the user, who does not see the rest; not every host does
 */
export function telling(event: string, text: string, notice?: string): { answer: string; told: string } {
  const whole = cut(text.trim(), MOST_READ).toWellFormed().replaceAll('\r\n', '\n');
  const read = withoutTags(whole.replace(UNSEEN, ' '));
  const frame = answerOf(event, '', notice).length;
  const costs = (line: string) => asAscii(`${line}\n`).length - 2;
  const lines: string[] = [];
  let [length, size] = [0, frame];
  for (const line of read.split('\n')) {
    length += line.length + 1;
    size += costs(line);
    if (length > MOST_TOLD || size > MOST_OF_ANSWER) break;
    lines.push(line);
  }
  let told = lines.join('\n').trim();
  // A first line that has no room as a whole: a part of it.
  if (told === '') told = cut(read, MOST_TOLD / 4).trim();
  return { answer: answerOf(event, told, notice), told };
}
