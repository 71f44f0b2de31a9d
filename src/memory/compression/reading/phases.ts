import { isNothing } from './nothing.js';
import type { Statement } from './statements.js';

const MOST_OF_PHASE = 100;

/** Phases by the words that tell of them; of two that are told as often the first. */
const PHASES: [string, RegExp][] = [
  ['troubleshooting', /\b(?:error|fail(?:s|ed|ure)?|bug|debug\w*|broken|crash\w*|outage|root cause|does not work|doesn't work|investigat\w*)\b/gi],
  ['planning', /\b(?:plan(?:ned|ning)?|design\w*|propos\w*|requirement\w*|scope|estimat\w*|evaluat\w*|compar\w*)\b/gi],
  ['implementation', /\b(?:implement\w*|add(?:ed|ing)?|writ(?:e|ing|ten)|refactor\w*|build(?:s|ing)?|creat(?:e|ed|ing)|develop\w*)\b/gi],
  ['testing', /\b(?:test(?:s|ed|ing)?|verif\w*|assert\w*|coverage|regression)\b/gi],
  ['deployment', /\b(?:deploy\w*|rollout|roll(?:ed)? out|release[ds]?|go-?live|migrat\w*|cut-?over|install\w*)\b/gi],
  ['documentation', /\b(?:document(?:ed|ation|ing)|readme|runbook|handbook|wiki)\b/gi],
]; // prettier-ignore
/** The phases that are guessed from words. */
export const PHASE_NAMES: ReadonlySet<string> = new Set(PHASES.map(([phase]) => phase));
const LEAST_OF_PHASE = 2;

/** The phase that a text names in words of its own, the last one. */
export function phaseSaid(statements: readonly Statement[]): string | undefined {
  return statements
    .findLast(one => one.topic === 'phase' && !isNothing(one.text))
    ?.text.slice(0, MOST_OF_PHASE);
}

/** The phase that the words of some texts tell of most; null where they tell of none. */
export function phaseOf(texts: readonly string[]): string | null {
  const text = texts
    .map(one => one.slice(0, 65_536))
    .join('\n')
    .slice(-262_144);
  let best: [string | null, number] = [null, LEAST_OF_PHASE - 1];
  for (const [phase, words] of PHASES) {
    const count = text.match(words)?.length ?? 0;
    if (count > best[1]) best = [phase, count];
  }
  return best[0];
}
