import { asRead } from '../text/markup.js';
import { line } from '../text/plain.js';
import { isNothing, saysFree } from './reading/nothing.js';
import { placeOf } from './reading/places.js';
import { type Statement, statementsOf } from './reading/statements.js';

const MOST_OF_TITLE = 120;
const MOST_READ = 8_192;
/** Fewer words than these are a greeting or a nod. */
const LEAST_WORDS = 4;

/** What a text may be called by: the first thing that it says is done, decided or in the way, else its first sentence. */
export function titleIn(text: string): string {
  const statements = statementsOf(text.slice(0, MOST_READ)).filter(saysSomething);
  const first =
    statements.find(tells) ?? statements.find(one => wordsIn(one.text) >= LEAST_WORDS) ?? statements[0];
  return line(first?.text ?? asRead(text.slice(0, MOST_READ)), MOST_OF_TITLE) || 'Untitled';
}

const wordsIn = (text: string) => text.split(' ').length;

function tells(statement: Statement): boolean {
  const place = placeOf(statement);
  return place === 'completed' || place === 'blockers' || place === 'in_progress';
}

function saysSomething(statement: Statement): boolean {
  return !isNothing(statement.text) && !saysFree(statement);
}
