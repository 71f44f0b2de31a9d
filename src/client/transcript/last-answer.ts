import { readFileText } from '../read-file.js';
import { saidIn } from './line.js';

const TAIL_BYTES = 512 * 1024;

/** What the assistant said last, from the end of a transcript; undefined when it is not there. */
export function lastAnswerIn(path: string): string | undefined {
  const tail = readFileText(path, { most: TAIL_BYTES, end: true }) ?? '';
  for (const line of tail.split('\n').toReversed()) {
    const said = line.includes('"assistant"') ? saidIn(parsed(line)) : undefined;
    if (said?.speaker === 'assistant') return said.text;
  }
  return undefined;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
