import { asObject } from '../private-files.js';
import { readFileText } from '../read-file.js';

const TAIL_BYTES = 512 * 1024;

/** What the assistant said last, from the end of a transcript; undefined when it is not there. */
export function lastAnswerIn(path: string): string | undefined {
  const tail = readFileText(path, { most: TAIL_BYTES, end: true }) ?? '';
  for (const line of tail.split('\n').toReversed()) {
    if (!line.includes('"assistant"')) continue;
    const text = answerOf(line);
    if (text) return text;
  }
  return undefined;
}

function answerOf(line: string): string | undefined {
  try {
    const { type, message } = asObject(JSON.parse(line)) ?? {};
    if (type !== 'assistant') return undefined;
    const { content } = asObject(message) ?? {};
    if (typeof content === 'string') return content;
    const parts = Array.isArray(content) ? content.map(one => asObject(one) ?? {}) : [];
    return parts
      .filter(one => one.type === 'text' && typeof one.text === 'string')
      .map(one => one.text as string)
      .join('\n');
  } catch {
    return undefined;
  }
}
