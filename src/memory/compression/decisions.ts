import { line } from '../text/plain.js';
import { isNothing } from './reading/nothing.js';
import { type Statement, statementsOf } from './reading/statements.js';
import { normalized } from '../../formats/normalized.js';

/** How much depends on a decision, as decision logs have it. */
export type DecisionImpact = 'low' | 'medium' | 'high' | 'critical';

export interface KeyDecision {
  decision: string;
  rationale: string | null;
  impact: DecisionImpact;
  /** ISO 8601, of the text; null where that has none. */
  timestamp: string | null;
  /** What it says that it takes the place of, in its own words. */
  replaces: string | null;
}

const MOST_DECISIONS = 20;
const MOST_OF_DECISION = 400;

const DECIDED =
  /\b(?:decided|agreed|chose|opted|settled|concluded)\b|\b(?:we|i)(?:'ll| will| shall)? (?:go|went|are going|will go) with\b|\bswitch(?:ed|ing)? from\b|\b(?:will|shall) (?:now )?(?:use|keep|stay with|stick with)\b|\b(?:we|i) (?:now )?(?:use|keep|stay with|stick with) \S.* (?:instead of|rather than|over)\b|\b(?:is|was|are|were) (?:chosen|selected|dropped|rejected)\b|\bno longer (?:use|run|need|support|deploy|keep)s?\b|(?:^|\b(?:we|we've|we have|we will|we'll|decided to|agreed to|will) (?:now )?)replaced? \S.* (?:with|by)\b|\b(?:is|are|will be|gets?) (?:now |being |to be )?replaced (?:with|by)\b|\btakes? over from\b|\b(?:wir|ich) (?:haben? (?:uns |mich )?.*(?:beschlossen|entschieden|vereinbart)|bleiben bei|nehmen|setzen (?:jetzt |nun )?auf|verwenden .* statt)(?!\p{L})/iu;
/** How people begin, which is no part of what they decided. */
const LEAD = /^(?:(?:ok(?:ay)?|so|btw|by the way|well|also|and),? )+(?=\S)/i;
/** What is asked, or holds only if something else does, is not decided. */
const OPEN =
  /\?\s*$|^(?:if|should|shall|could|whether|unless|when|once|maybe|perhaps|let me know|ob|wenn|falls|soll(?:en|te[n]?)?|vielleicht)\b|\b(?:undecided|not (?:yet )?(?:been )?(?:decided|agreed|settled|chosen)|(?:haven't|hasn't|have not|has not|didn't|did not|never|nobody|cannot|can't) (?:yet )?(?:decided?|agreed?|chosen?|settled?)|to be decided|tbd|might|may want|could be|would be|not sure|need to decide|must decide|has to decide|have to decide|(?:noch )?(?:nicht|nichts|niemand) (?:\w+ )?(?:beschlossen|entschieden|vereinbart))\b/i;

const REASON =
  /(?:,|;|\s[-–—])?\s+(?:because(?: of)?|since(?! \d| then| the last)|so that|due to|wegen|as (?:it|this|that|they|the)|in order to|weil|damit|da (?:der|die|das|es|wir|sie))\s+(\S.*)$/i;
const REASON_AHEAD = /^(?:because(?: of)?|since|due to|wegen)\s+([^,]{3,300}),\s+(\S.*)$/i;
const SAYS_WHY = /^(?:reason|rationale|why|because(?: of)?|grund|begründung|weil)\b:?\s*(\S.*)$/i;

const CRITICAL =
  /\b(?:critical|irreversible|breaking change|must never|production outage|data loss|disaster)\b/i;
const HIGH =
  /\b(?:security|firewall|backup|encrypt\w*|migrat\w*|architecture|production|database|credential\w*|compliance|downtime|outage|vendor|contract|important|major)\b/i;
const LOW = /\b(?:minor|cosmetic|typo|naming|rename[ds]?|formatting|wording|colou?r|trivial|small)\b/i;

/**
 * What a text says was decided, and why, in its order and each once: by sentences that decide, and by what stands below
 * a heading that announces decisions. Takes time in proportion to the length.
 *
 * @param at of the text, as ISO 8601
 */
export function extractKeyDecisions(text: string, at: string | null = null): KeyDecision[] {
  return decisionsIn(statementsOf(text), at);
}

export function decisionsIn(statements: readonly Statement[], at: string | null): KeyDecision[] {
  const found = new Map<string, KeyDecision>();
  let last: KeyDecision | undefined;
  for (const { text, topic } of statements) {
    const why = SAYS_WHY.exec(text)?.[1];
    if (why !== undefined && last) {
      last.rationale ??= line(why, MOST_OF_DECISION);
      last = undefined;
      continue;
    }
    last = undefined;
    const isDecided = topic === 'decisions' || (DECIDED.test(text) && topic !== 'next');
    if (!isDecided || OPEN.test(text) || text.length < 8 || isNothing(text)) continue;
    const made = decisionOf(text, at);
    const key = keyOfDecision(made.decision);
    last = found.get(key) ?? made;
    if (found.size < MOST_DECISIONS && !found.has(key)) found.set(key, made);
  }
  return [...found.values()];
}

function decisionOf(text: string, at: string | null): KeyDecision {
  const ahead = REASON_AHEAD.exec(text);
  const behind = ahead ? null : REASON.exec(text);
  const said = ahead?.[2] ?? (behind ? text.slice(0, behind.index) : text);
  const rationale = ahead?.[1] ?? behind?.[1] ?? null;
  return {
    decision: line(said.replace(LEAD, ''), MOST_OF_DECISION).replace(/[.;,\s]+$/, ''),
    rationale: rationale === null ? null : line(rationale, MOST_OF_DECISION).replace(/[.;,\s]+$/, ''),
    impact: CRITICAL.test(text) ? 'critical' : HIGH.test(text) ? 'high' : LOW.test(text) ? 'low' : 'medium',
    timestamp: at,
    replaces: replacedBy(said),
  };
}

const THE = '(?:the |our |de[rnms] |die |das )?';
const REPLACED = [
  `\\b(?:instead|in (?:place|lieu)) of (?:using )?${THE}(\\S.*)$`,
  `\\brather than (?:using )?${THE}(\\S.*)$`,
  `\\b(?:switch|mov|migrat|upgrad|chang)(?:e|ed|es|ing)? (?:[^.;]{1,60} )?(?:away )?from ${THE}(\\S.*?) to \\S`,
  `\\b(?:drop|dropped|abandon(?:ed)?|retired?|leave|leaving|left) ${THE}(\\S.*?) (?:in favou?r of|for) \\S`,
  `^(?:[^.;,]{1,80}, )?${THE}(\\S.*?) (?:is|are|was|were|has been|have been|will be|gets?) (?:now |being |to be )?(?:replaced|superseded|dropped|abandoned|phased out)\\b`,
  `\\breplac(?:e|ed|es|ing) ${THE}(\\S.*?) (?:with|by) \\S`,
  `\\breplaces ${THE}(\\S.*)$`,
  `\\btak(?:es|ing) over from ${THE}(\\S.*)$`,
  `\\bno longer (?:use|run|need|support|deploy|keep)s? ${THE}(\\S.*)$`,
  `\\b(?:settled? on|chose|choose|opt(?:ed)? for|picked|decided (?:on|for)) \\S.*? over ${THE}(\\S.*)$`,
  `\\b(?:anstelle|an stelle) (?:von )?${THE}(\\S.*)$`,
  `\\b(?:an)?statt ${THE}(\\S.*)$`,
  `\\bvon ${THE}(\\S.*?) (?:auf|zu) \\S.* (?:umgestellt|gewechselt|umgestiegen)\\b`,
  `^${THE}(\\S.*?) (?:wird|werden|wurden?) (?:\\S+ ){0,3}?durch \\S.* (?:ersetzt|abgelöst)`,
  `(?:\\bhaben|,) ${THE}([^\\s,][^,]*?) durch \\S.* (?:ersetzt|abgelöst|abzulösen|zu ersetzen)`,
].map(one => new RegExp(one, 'i'));

/** What a decision says that it takes the place of, in its own words. */
export function replacedBy(text: string): string | null {
  for (const pattern of REPLACED) {
    const [, old] = pattern.exec(text) ?? [];
    if (old) return line(old.split(/[,;.]\s|[,;.]$/, 1)[0] ?? '', 120) || null;
  }
  return null;
}

const SAID_BEFORE =
  /^(?:(?:so|thus|therefore|finally|then|and|also)\b,?\s*)?(?:(?:we|i|they|the team|it (?:was|has been|is))\s+)?(?:have |has |had |now |also )*(?:decided|agreed|chose|opted|settled|concluded)?\s*(?:to|that|on|for|we|will|shall)?\s*/i;

/** What two wordings of one decision have in common: without who decided, in lower case, without punctuation. */
export function keyOfDecision(decision: string): string {
  const said = decision.replace(SAID_BEFORE, '') || decision;
  return normalized(said, 'NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
