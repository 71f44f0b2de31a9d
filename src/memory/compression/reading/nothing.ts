import type { Statement } from './statements.js';

const SO_FAR =
  '(?: (?:so far|yet|at (?:the moment|present|all)|right now|currently|now|known|open|left|any ?more|more|else|planned|from my side|derzeit|aktuell|im moment|momentan|mehr|bekannt|offen|bisher|weiteren?|weiteres))*';
const OVER = '(?=[.!,;)]|$|\\s[-–—(])';
const NOTHING = new RegExp(
  `^(?:none|nothing|nobody|nil|n/?a|keine[rs]?|nichts|niemand|[-–—]+)${SO_FAR}${OVER}|^(?:no|nein)[.!]?$|^\\[redacted:\\w+\\][.!]?$`,
  'iu',
);

const noSuch = (adjectives: string, things: string) =>
  new RegExp(
    `^(?:(?:(?:currently|now|at the moment|so|but|and|derzeit|aktuell),? )?(?:there(?: are|'s| is)|we have|i (?:have|see)|es gibt|wir haben|gibt es) )?` +
      `(?:currently |now |at the moment |derzeit |aktuell |im moment )?(?:no|keine) (?:(?:${adjectives}) )*(?:${things})${SO_FAR}${OVER}`,
    'iu',
  );
const ADJECTIVES = 'open|known|current|new|more|active|remaining|real|offenen?|bekannten?|aktuellen?|mehr';
const OF_MORE = 'other|further|additional|weiteren?|anderen?|sonstigen?';
const WAYS = 'blockers?|impediments?|obstacles?|blockaden?|hindernisse?';
const NO_SUCH = noSuch(
  `${ADJECTIVES}|${OF_MORE}`,
  `${WAYS}|issues?|points|tasks|questions|problems|decisions?|next steps?|next actions?|to-?dos?|entscheidungen?|aufgaben?|punkte|probleme?`,
);
const NO_BLOCKERS = noSuch(ADJECTIVES, WAYS);
const FREE =
  /\bnothing (?:is |now )?(?:blocking|blocks|in (?:the|our|my) way)\b|\b(?:we are|we're|i am|i'm) (?:not|no longer) (?:currently )?blocked(?: any ?more| by anything)?[.!]?$|\bnichts (?:blockiert|steht (?:uns |mir )?im weg)/i;
const OPEN = /\?\s*$|^(?:if|when|once|until|unless|as soon as|wenn|falls|sobald|bis)\b/i;

/** Whether a text says that there is nothing of what it is asked for: `None` below a heading is no item. */
export function isNothing(text: string): boolean {
  return NOTHING.test(text) || NO_SUCH.test(text);
}

/** Whether a statement says that nothing is in the way. */
export function saysFree({ text, topic }: Statement): boolean {
  if (OPEN.test(text)) return false;
  if (topic === 'blockers' && NOTHING.test(text)) return !/^\[/.test(text);
  return NO_BLOCKERS.test(text) || FREE.test(text);
}
