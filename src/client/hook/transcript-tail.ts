import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { asObject } from '../private-files.js';

const TAIL_BYTES = 512 * 1024;

/** What the assistant said last, from the end of a transcript; undefined when it is not there. */
export function lastAnswerIn(path: string): string | undefined {
  for (const line of tailOf(path).split('\n').toReversed()) {
    if (!line.includes('"assistant"')) continue;
    const text = answerOf(line);
    if (text) return text;
  }
  return undefined;
}

function tailOf(path: string): string {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const { size } = fstatSync(file);
    const bytes = Buffer.alloc(Math.min(size, TAIL_BYTES));
    const read = readSync(file, bytes, 0, bytes.length, size - bytes.length);
    return bytes.toString('utf8', 0, read);
  } catch {
    return '';
  } finally {
    if (file !== undefined) closeSync(file);
  }
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
