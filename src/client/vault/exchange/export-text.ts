import { parseEnv } from 'node:util';
import type { Credential } from '../sealed/credential.js';

/** All credentials as JSON by name, as `import` reads it. */
export function jsonOf(credentials: Credential[]): string {
  const entries = credentials.map(({ name, created_at: _c, updated_at: _u, ...rest }) => [name, rest]);
  return `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`;
}

/** One line of `.env`, in the first quotes in which it is read as it was; undefined when there are none. */
function lineOf({ name, value }: Credential): string | undefined {
  return ["'", '"', '`']
    .map(quote => `${name}=${quote}${value}${quote}`)
    .find(line => {
      const read = parseEnv(line);
      return Object.keys(read).length === 1 && read[name] === value;
    });
}

/** All credentials as lines of `.env`; `left` are those that cannot be written so. */
export function envOf(credentials: Credential[]): { text: string; left: string[] } {
  const lines = credentials.map(one => [one.name, lineOf(one)] as const);
  return {
    text: lines.flatMap(([, line]) => (line === undefined ? [] : [`${line}\n`])).join(''),
    left: lines.flatMap(([name, line]) => (line === undefined ? [name] : [])),
  };
}
