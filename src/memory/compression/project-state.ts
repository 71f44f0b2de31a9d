import { line } from '../text/plain.js';
import { distinct, keyOf } from './merge.js';
import { saysFree } from './reading/nothing.js';
import { placeOf } from './reading/places.js';
import { statementsOf } from './reading/statements.js';

interface StateField {
  /** How many characters of a text, or of one item of a list, are told. */
  characters: number;
  /** Of a list, how many items a state that grows by itself keeps. */
  items?: number;
  /** Of a list, the newest stand last: what came first is the first to go. */
  isNewestLast?: boolean;
  /** What stands in front of it where a state is told; nothing in front of a summary. */
  label?: string;
}

/** What tells where a project stands, in the order in which it is told. */
const FIELDS = {
  phase: { characters: 100, label: 'Phase' },
  blockers: { characters: 300, items: 20, label: 'Blocked' },
  current_focus: { characters: 500, label: 'Focus' },
  next_actions: { characters: 300, items: 20, label: 'Next' },
  context_summary: { characters: 2_000 },
  important_decisions: { characters: 300, items: 20, isNewestLast: true, label: 'Decided' },
  completed: { characters: 300, items: 50, isNewestLast: true, label: 'Done' },
  key_files: { characters: 300, items: 50, label: 'Files' },
} as const satisfies Record<string, StateField>;

export type StateName = keyof typeof FIELDS;
type ListName = {
  [name in StateName]: (typeof FIELDS)[name] extends { items: number } ? name : never;
}[StateName];

/** Where a project stands, as `project-states` has it. */
export type StateOfProject = { progress_percent?: number | null } & {
  [name in StateName]?: (name extends ListName ? readonly string[] : string) | null;
};
/** A state of which nothing is left out. */
export type WholeState = { progress_percent: number | null } & {
  [name in StateName]: (name extends ListName ? string[] : string) | null;
};

export const STATE_NAMES = Object.keys(FIELDS) as StateName[];
export const isList = (name: StateName): name is ListName => 'items' in FIELDS[name];
/** How many items of a list are kept. */
export const mostOf = (name: ListName): number => FIELDS[name].items;

/**
 * The state of a project in few words: what says nothing is left out, lists have each item once and at most so many (of
 * what is done and decided the last), texts are cut.
 *
 * @param most items of each list
 */
export function compressProjectState(state: StateOfProject, most = 10): StateOfProject {
  const short: Record<string, unknown> = {};
  if (typeof state.progress_percent === 'number') short.progress_percent = state.progress_percent;
  for (const name of STATE_NAMES) {
    const field: StateField = FIELDS[name];
    if (isList(name)) {
      const items = distinct((state[name] ?? []).map(one => line(one, field.characters)).filter(Boolean));
      if (items.length > 0) short[name] = field.isNewestLast ? items.slice(-most) : items.slice(0, most);
    } else {
      const text = line(state[name] ?? '', field.characters);
      if (text) short[name] = text;
    }
  }
  return short;
}

/** A state as lines, each with what it tells of in front; of a list the newest first. */
export function linesOfState(state: StateOfProject, without: readonly StateName[] = []): string[] {
  return STATE_NAMES.filter(name => !without.includes(name)).flatMap(name => {
    const { label, isNewestLast }: StateField = FIELDS[name];
    const value = state[name];
    const items = typeof value === 'string' ? [value] : (value ?? []);
    const said = name === 'key_files' && items.length > 0 ? [items.join(', ')] : [...items];
    if (isNewestLast) said.reverse();
    return said.filter(one => one !== '').map(one => (label ? `${label}: ${one}` : one));
  });
}

/** The summary of a state without what its lists tell, and without what was planned or in the way when it was written. */
export function summaryBesideLists(state: StateOfProject): string {
  const told = new Set(
    STATE_NAMES.filter(isList).flatMap(name => (state[name] ?? []).map(one => keyOf(one))),
  );
  return statementsOf(state.context_summary ?? '')
    .filter(one => {
      const place = placeOf(one);
      const isKept = one.topic === undefined && place !== 'blockers' && place !== 'next';
      return isKept && !saysFree(one) && !told.has(keyOf(one.text));
    })
    .map(one => one.text)
    .join(' ');
}
