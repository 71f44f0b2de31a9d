import { parseEnv } from 'node:util';
import type { Said } from './said.js';

const MOST_OF_COMMENT = 240;

/** The words of a line of comment, without what frames them; of one that is too long none. */
function commentIn(line: string): string {
  if (line.length > MOST_OF_COMMENT || !/^\s*#/.test(line)) return '';
  return line.replace(/^[\s#=*-]+/, '').replace(/(?<![\s#=*-])[\s#=*-]+$/, '');
}

/** What a file of `NAME=value` says; a line of comment is a heading of what follows. */
export function readEnv(text: string): Said[] {
  const bare = text.replace(/^\ufeff/, '');
  const lines = bare.split(/\r\n|\n|\r/);
  const places = new Map<string, number>();
  const headings: Said[] = [];
  lines.forEach((line, at) => {
    const [, name] = /^\s*(?:export\s+)?([\w.-]+)\s*=/.exec(line) ?? [];
    if (name !== undefined) places.set(name, at + 1);
    const comment = commentIn(line);
    // A variable that is commented out is none.
    if (/\p{L}/u.test(comment) && !comment.includes('='))
      headings.push({ kind: 'heading', level: 1, text: comment, line: at + 1 });
  });
  const variables = Object.entries(parseEnv(bare)).map(([name, value = '']): Said => ({
    kind: 'variable',
    name,
    value,
    line: places.get(name) ?? 1,
  }));
  const lineOf = (one: Said) => ('line' in one ? one.line : 0);
  return [...headings, ...variables].sort((a, b) => lineOf(a) - lineOf(b));
}
