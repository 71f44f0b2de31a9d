import { createHash } from 'node:crypto';

/** The longest token: MariaDB's index leaves out what is longer than 84 characters. */
const MOST = 60;

/** What a token stands for. A prefix of two characters: no engine's stop list or least length applies. */
const KINDS = { word: 'ww', name: 'nn', date: 'dd' } as const;

export const isDateToken = (token: string) => token.startsWith(KINDS.date);

/**
 * A term as one token that full-text engines take as it is: ASCII letters and digits alone. Everything else is written
 * as `z<code point in base 36>z`, `z` itself as `zz`; a token that becomes too long ends in a hash of the whole.
 */
export function tokenOf(kind: keyof typeof KINDS, term: string): string {
  let token = KINDS[kind];
  for (const character of term)
    token +=
      character === 'z'
        ? 'zz'
        : /[a-y0-9]/.test(character)
          ? character
          : `z${(character.codePointAt(0) ?? 0).toString(36)}z`;
  if (token.length <= MOST) return token;
  return token.slice(0, MOST - 16) + createHash('sha256').update(token).digest('hex').slice(0, 16);
}
