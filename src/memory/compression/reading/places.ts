import { isNothing } from './nothing.js';
import type { Statement } from './statements.js';

/** The list of a summary that a statement belongs to. */
export type Place = 'completed' | 'in_progress' | 'blockers' | 'next';

/** How people begin, which says nothing. */
const LEAD =
  "^(?:(?:ok(?:ay)?|so|btw|well|and|also|then|now|great|perfect|finally|first|i(?:'ve| have)?|we(?:'ve| have)?|just|already),? )*";
const DONE = new RegExp(
  `${LEAD}(?:fixed|added|implemented|completed|finished|created|updated|removed|migrated|replaced|restarted|installed|configured|deployed|resolved|moved|renamed|wrote|written|tested|verified|closed|upgraded|enabled|disabled|reset|rebuilt|restored|cleaned|documented|deleted|ordered|changed|set up)\\b` +
    `|\\b(?:is|are|was|were|has been|have been) (?:now )?(?:done|fixed|finished|complete|completed|deployed|restored|installed|migrated|replaced|resolved)(?! yet)\\b`,
  'i',
);
/** `Ich habe … ersetzt`, `… ist behoben`: what is done stands in the last word. */
const HAVE_IN_GERMAN = /^(?:(?:ich|wir) )?haben? /i;
const DENIED_IN_GERMAN = /(?<!\p{L})(?:nicht|kein\p{L}*|noch)(?!\p{L})/iu;
const PARTICIPLE =
  /^(?!beschlossen|entschieden|gedacht|gesehen|vereinbart|gesagt|gefragt)(?:\p{L}{0,20}?ge\p{L}{2,20}(?:t|en)|\p{L}+iert|verschoben|entfernt|ersetzt|erstellt|erledigt|behoben|bestellt)$/iu;
const IS_DONE_IN_GERMAN =
  /(?:ist|sind|wurden?) (?:jetzt |nun |wieder )?(?:erledigt|fertig|behoben|installiert|ersetzt|umgestellt|eingerichtet|abgeschlossen)[.!]?$/i;
const DOING =
  /\b(?:working on|in progress|currently|halfway|half done|partly done|started (?:to|on|with)|am (?:now )?\w+ing)\b|\b(?:arbeiten? (?:gerade |noch )?an|läuft (?:noch|gerade)|in arbeit|derzeit)\b/i;
const BLOCKED =
  /\bblocked (?:by|on|until)\b|(?:\b(?:am|is|are|still|but|now|just)|'m|'re|'s|^) ?waiting (?:for|on)\b|\b(?:cannot|can't|can not) (?:proceed|continue|go on|finish)\b|\bstuck (?:on|at|with|because)\b|\bneeds? (?:the )?approval\b|\bblockiert (?:durch|von|bis)\b|\bwarten? (?:noch |immer noch )?auf\b|\bkommen? nicht weiter\b/i;
/** What was in the way, or what somebody only thought. */
const WAS_BLOCKED =
  /\b(?:was|were|had been|been|war|waren|wurden?) (?:\w+ )?(?:blocked|stuck|waiting|blockiert)\b|\bthought\b|^(?:while|if|when|once|unless|wenn|falls|sobald)\b/i;
const FREED =
  /\b(?:no longer|not|isn't|aren't|never|nothing(?: is)?|nobody(?: is)?) (?:any longer )?(?:blocked|stuck|waiting)\b|\bunblocked\b|\bblockers? (?:is|are|was|were) (?:gone|resolved|removed|solved)\b|\bnicht (?:mehr|länger) blockiert\b/i;
const SOLVED = /\b(?:resolved|unblocked|solved|cleared up|gelöst|behoben|geklärt)(?!\p{L})/iu;
const UNSOLVED =
  /\b(?:not|never|isn't|aren't|wasn't|hasn't been|haven't been|can't be|cannot be|until|once|if|when|partly|to be|nicht|noch|wenn|sobald) (?:yet |been |it is |fully |noch )*(?:resolved|unblocked|solved|cleared up|gelöst|behoben|geklärt)(?!\p{L})|\bunresolved\b|\?$/iu;
const COMING =
  /^(?:(?:and|so|but|then),? )*(?:next\b|then (?:we|i)\b|to ?do\b|todo\b|still (?:need|have) to\b|(?:we|i) (?:still )?(?:need|have|want|plan) to\b|(?:we|i)(?:'ll| will| must| should)\b|remaining\b|still to\b|it remains\b|tomorrow\b|als nächstes(?!\p{L})|danach\b|morgen\b|(?:wir|ich) (?:muss|müssen|werden?)(?!\p{L})|es fehlt noch\b)/iu;
/** What an assistant is about to do is done before anybody reads of it. */
const AT_ONCE =
  /^(?:(?:and|so|but|then|now),? )*(?:(?:we|i)(?:'ll| will)|let me|(?:we|i) (?:need|have|want) to) (?:now |first |just |quickly |also )*(?:check|look|read|see|try|start|begin|take a look|search|find|examine|investigate|analy[sz]e|go ahead|verify|explore|understand|think|help|explain|use)\b/i;
const LEFT =
  /\b(?:still needs? to|remains? to be|yet to be|not (?:yet )?(?:done|finished|tested|deployed)(?: yet)?)\b|\b(?:have|has)(?:n't| not) (?:yet )?(?!started|begun|been)\w+ .*\byet\b|\bnoch nicht (?:erledigt|fertig|getestet|umgesetzt)\b/i;

/** Which list a statement belongs to, by its topic, else by its words; none where it asks or says nothing. */
export function placeOf({ text, topic }: Statement): Place | undefined {
  if (isNothing(text)) return undefined;
  if (topic === 'completed' || topic === 'in_progress' || topic === 'blockers' || topic === 'next')
    return topic;
  if (topic !== undefined || text.endsWith('?') || FREED.test(text)) return undefined;
  if (BLOCKED.test(text) && !WAS_BLOCKED.test(text)) return 'blockers';
  if ((COMING.test(text) && !AT_ONCE.test(text)) || LEFT.test(text)) return 'next';
  if (DONE.test(text) || isDoneInGerman(text)) return 'completed';
  return DOING.test(text) ? 'in_progress' : undefined;
}

/** Whether a statement says that something is no longer in the way. */
export function saysResolved({ text, topic }: Statement): boolean {
  return (topic === 'resolved' || FREED.test(text) || SOLVED.test(text)) && !UNSOLVED.test(text);
}

function isDoneInGerman(text: string): boolean {
  if (DENIED_IN_GERMAN.test(text)) return false;
  const last = /(\p{L}{1,60})[.!]?$/u.exec(text.slice(-64))?.[1] ?? '';
  return (HAVE_IN_GERMAN.test(text) && PARTICIPLE.test(last)) || IS_DONE_IN_GERMAN.test(text);
}
