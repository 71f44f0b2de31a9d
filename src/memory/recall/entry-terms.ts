import { datesAt, datesOf } from '../text/dates.js';
import { tokenOf } from '../text/token-spelling.js';
import { SMALL_TALK } from '../text/stop-words.js';
import { type Tense, tenseOf } from '../text/tense.js';
import { type Terms, termsOf } from '../text/terms.js';
import type { Said } from './sources.js';

/** Terms as they stand in the index. */
export const tokensOf = ({ words, names }: Terms) => [
  ...words.map(word => tokenOf('word', word)),
  ...names.map(name => tokenOf('name', name)),
];

/**
 * Of one entry, so many different words and names are in the index: more than a text of 65,535 characters in a language
 * has. What is nothing but different words (dumps, encoded data) would hold up everybody, and be found by none.
 */
const MOST_WORDS = 1_500;
const MOST_NAMES = 500;

/** The first so many different terms, each as often as it is there. */
function firstOf(terms: readonly string[], most: number): string[] {
  const kept = new Set<string>();
  return terms.filter(term => kept.has(term) || (kept.size < most && kept.add(term)));
}

function boundTerms(text: string): Terms {
  const { words, names } = termsOf(text);
  return { words: firstOf(words, MOST_WORDS), names: firstOf(names, MOST_NAMES) };
}

/** The tokens by which something is found: those of its text and, twice, of its title; the dates that it names, and its own. */
export function entryTokens({ title, text, at }: Said): string[] {
  const time = new Date(at);
  const heading = title ? tokensOf(termsOf(title)) : [];
  const dates = [...datesAt(time), ...datesOf(title ? `${title}\n${text}` : text, time)];
  return [
    ...heading,
    ...heading,
    ...tokensOf(boundTerms(text)),
    ...[...new Set(dates)].map(date => tokenOf('date', date)),
  ];
}

const TALK = new Set([...SMALL_TALK].flatMap(word => termsOf(word).words));

/** What a question is asked by, each token once. */
export interface QueryTokens {
  words: string[];
  names: string[];
  dates: string[];
  tense: Tense;
}

export function queryTokens(query: string, now: Date): QueryTokens {
  const { words: all, names } = termsOf(query);
  const words = all.filter(word => !TALK.has(word));
  const unique = (kind: Parameters<typeof tokenOf>[0], terms: readonly string[]) => [
    ...new Set(terms.map(term => tokenOf(kind, term))),
  ];
  return {
    words: unique('word', words),
    names: unique('name', names),
    dates: unique('date', datesOf(query, now)),
    tense: tenseOf(query),
  };
}
