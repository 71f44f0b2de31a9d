/** What a heading or a label in front says of what follows. */
export type Topic = 'completed' | 'in_progress' | 'blockers' | 'decisions' | 'next' | 'phase' | 'resolved';

/** In English and German, as people head their notes. */
const PHRASES: [Topic, string][] = [
  ['resolved', 'resolved(?: blockers?)?|unblocked|no longer blocked|blockers? resolved|gelöst|behoben|nicht mehr blockiert'],
  ['blockers', '(?:open |current |known |remaining |offene )?blockers?|blocked(?: by| on)?|stuck(?: on)?|waiting (?:for|on)|impediments?|obstacles?|blockiert(?: durch| von)?|hindernisse?|wart(?:et|en) auf'],
  ['decisions', '(?:key |important |main |wichtige )?decisions?(?: made| taken)?|(?:we )?decided|entscheidung(?:en)?|entschieden|beschlossen|beschl(?:uss|üsse)'],
  ['in_progress', '(?:work )?in progress|wip|ongoing|current(?:ly)?(?: work| task| focus| status)?|working on|doing|focus|in arbeit|aktuell|derzeit|fokus'],
  ['next', '(?:optional )?next(?: steps?| actions?)?|to ?-?dos?|remaining(?: work| tasks?)?|pending(?: tasks?| work)?|plan(?:ned)?|still to do|(?:still )?open(?: tasks?| points?| items?)?|nächster? schritte?|als nächstes|(?:noch )?offen(?:e punkte|e aufgaben)?|zu erledigen|ausstehend'],
  ['completed', 'completed?|done|finished|accomplished|achieved|fixed|changes(?: made)?|what (?:was|i|we) (?:done|did)|erledigt(?:es)?|fertig|abgeschlossen|umgesetzt|gemacht'],
  ['phase', '(?:current |project )?phase|stage'],
]; // prettier-ignore
/** How a phrase may go on and still be what it is: `Done today`, not `Open the port`. */
const GOES_ON =
  '\\s*[(:/&,;–—-]|\\s+(?:for|of|by|on|in|this|today|so far|at|from|since|until|to|and|we|i|items?|tasks?|work|points?|steps?|issues?|changes?|yesterday|now|für|bis|und|heute|am|im|von)(?!\\p{L})';
const TOPICS = PHRASES.map(([topic, phrases]) => ({
  topic,
  bare: new RegExp(`^(?:${phrases})$`, 'u'),
  begins: new RegExp(`^(?:${phrases})(?:$|${GOES_ON})`, 'u'),
}));

/** What a heading announces. */
export function topicOf(heading: string): Topic | undefined {
  const text = readable(heading);
  return TOPICS.find(one => one.begins.test(text))?.topic;
}

/** Whether a heading says its topic and nothing of its own. */
export function isBare(heading: string): boolean {
  const text = readable(heading);
  return TOPICS.some(one => one.bare.test(text));
}

const readable = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/^[^\p{L}]+/u, '')
    .trimEnd();
