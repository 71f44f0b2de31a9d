import { termsOf } from '../text/terms.js';
import { replacedBy } from './decisions.js';

type Subjects = ReadonlySet<string>;

/** What a decision says of others; each is the terms of what it speaks of, null where it does not. */
export interface DecisionFacts {
  /** What it takes the place of. */
  replaces: Subjects | null;
  /** What it brings in, or stays with. */
  adopts: Subjects | null;
  /** What it is against. */
  rejects: Subjects | null;
}

/** A decision that was logged. */
export interface KnownDecision {
  facts: DecisionFacts;
  /** ISO 8601. */
  at: string;
}

const ADOPTS =
  /\b(?:use[sd]?|using|(?:go(?:es|ing)?|went) (?:with|to|through|over|via)|ch(?:oose|ose)|opt(?:ed)? for|settled? on|decided (?:on|for)|runs?|(?:switch|mov|migrat)\w* to|stay(?:s|ed)? with|rel(?:y|ies) on|is|are|on|with|by|via|through|over|in|at|to|through)\s|(?<!\p{L})(?:nehmen|setzen|verwenden|nutzen|bleiben|macht|läuft|laufen|ist|sind|auf|mit|über|bei|durch|für)\s/iu;
/** `Veeam for the backups`, as it stands below a heading. */
const NAMED = /^(?!(?:we|i|it|this|that|there|wir|ich|es)\b)\S+(?: \S+){0,3}? (?:for|as|für|als) \S/i;
const DENIED =
  /\b(?:not|never|no longer|don't|won't|nicht(?! mehr als)|nie|kein\w*)(?!\p{L})|\b(?:avoid|without|ohne)\b/iu;

const REJECTED = [
  /\b(?:decided|voted|advised|are|am) against (?:using |the |our )?(\S.*)$/i,
  /^(?:the |our )?(\S.*?) (?:is|are|was|were|has been|have been) (?:now )?(?:rejected|ruled out|dismissed|turned down|discarded|voted down)\b(.*)$/i,
  /\b(?:rejected|ruled out|dismissed|turned down|discarded) (?:using |the |our )?(\S.*)$/i,
  /\b(?:will not|won't|not going to|do not|don't) (?:use|go with|take) (?:the |our )?(\S.*)$/i,
  /\bgegen (?:de[nr] |die |das )?(\S.*?)(?: entschieden.*)?$/i,
  /^(?:de[rn] |die |das )?(\S.*?) (?:ist|sind|wird|werden|wurden?|haben wir) (?:abgelehnt|verworfen|ausgeschlossen)\b(.*)$/i,
  /\bhaben (?:de[nr] |die |das )?(\S.*?) (?:abgelehnt|verworfen|ausgeschlossen)\b/i,
];

/** What a decision says of others. Takes time in proportion to the length. */
export function factsOf(decision: string): DecisionFacts {
  const replaces = replacedBy(decision);
  const rejects = rejectedBy(decision);
  const said = replaces === null ? decision : decision.replace(replaces, () => ' ');
  return {
    replaces: replaces === null ? null : subjectsOf(replaces),
    adopts: rejects === null && !DENIED.test(said) ? adoptedBy(said, replaces !== null) : null,
    rejects: rejects === null ? null : subjectsOf(rejects),
  };
}

/**
 * The older decisions that a newer one takes the place of, where that is certain: it says what it replaces, and exactly
 * one of them adopted this; it adopts what exactly one of them was against.
 *
 * @param known those that hold
 */
export function replacedDecisions<T extends KnownDecision>(newer: KnownDecision, known: readonly T[]): T[] {
  const { replaces, adopts } = newer.facts;
  const older = known.filter(one => one.at < newer.at);
  const former = older.filter(({ facts }) => replaces !== null && holds(facts.adopts, replaces));
  const against = older.filter(({ facts }) => facts.rejects !== null && holds(adopts, facts.rejects));
  return [former, against].flatMap(one => (one.length === 1 ? one : []));
}

/** Whether all of these terms are among those. */
const holds = (those: Subjects | null, terms: Subjects) =>
  those !== null && terms.size > 0 && [...terms].every(term => those.has(term));

/** What a decision brings in; null for one that only speaks of something. */
function adoptedBy(said: string, hasReplaced: boolean): Subjects | null {
  // What replaces something is brought in wherever it stands.
  if (hasReplaced || NAMED.test(said)) return subjectsOf(said);
  const verb = ADOPTS.exec(said);
  return verb && subjectsOf(said.slice(verb.index));
}

function rejectedBy(text: string): string | null {
  for (const pattern of REJECTED) {
    const [, what, more = ''] = pattern.exec(text) ?? [];
    if (what) return `${what}${more}`.split(/[,;.]\s|[,;.]$/, 1)[0] ?? null;
  }
  return null;
}

function subjectsOf(text: string): Subjects {
  const { words, names } = termsOf(text);
  return new Set([...words, ...names]);
}
