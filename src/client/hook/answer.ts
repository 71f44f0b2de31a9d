import { asRecalled } from '../../formats/recalled.js';

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

const answerOf = (event: string, text: string) =>
  asAscii({ hookSpecificOutput: { hookEventName: event, additionalContext: asRecalled(text) } });

/** The answer to an event that puts a text into the conversation: whole lines of it, as many as there is room for. */
export function telling(event: string, text: string): { answer: string; told: string } {
  const lines = text.split('\n');
  for (;;) {
    const told = lines.join('\n').trim();
    const answer = answerOf(event, told);
    if (told.length <= MOST_TOLD && answer.length <= MOST_OF_ANSWER) return { answer, told };
    if (lines.length > 1) lines.pop();
    else lines[0] = told.slice(0, Math.floor(told.length / 2)).toWellFormed();
  }
}
