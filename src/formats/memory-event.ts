/** What `POST /api/memory/events` takes: the server checks it, and the client on a user's machine sends it. */
export interface MemoryEvent {
  /** As EVENT_KEY; the same key again changes nothing. */
  key: string;
  kind: EventKind;
  /** ISO 8601. */
  at: string;
  session_key: string;
  project: { name: string; remote?: string; path?: string };
  source?: EventSource;
  /** Without secrets, and without what was recalled. */
  text: string;
  /** Of a turn, which needs it. */
  speaker?: Speaker;
  /** The place of a turn in its conversation. */
  sequence?: number;
  title?: string;
  tags?: string[];
  git?: { branch?: string; commit?: string; changed_files?: string[] };
}

interface KindOfEvent {
  /** The turn of a conversation that it is; `named` says who speaks. */
  turn?: Speaker | 'named';
  /** What it tells of its conversation and project: the latest, or the whole of it. */
  tells?: 'latest' | 'whole';
}

const KINDS = {
  turn: { turn: 'named' },
  /** What a tool did, in a line. */
  tool: { turn: 'tool' },
  /** How a conversation stopped: what was said last. */
  stop: { turn: 'assistant', tells: 'latest' },
  /** What the host of a conversation summed up. */
  compact: { tells: 'whole' },
  /** Where somebody put down how things stand. */
  checkpoint: { tells: 'whole' },
  /** One thing worth knowing. */
  note: {},
} as const satisfies Record<string, KindOfEvent>;

export type EventKind = keyof typeof KINDS;
export const EVENT_KINDS = Object.keys(KINDS) as EventKind[];
export const kindOf = (kind: EventKind): KindOfEvent => KINDS[kind];

/** Who brings an event; the first where that is not said. */
export const EVENT_SOURCES = ['api', 'hook', 'import', 'mcp'] as const;
export type EventSource = (typeof EVENT_SOURCES)[number];
export const SPEAKERS = ['user', 'assistant', 'tool'] as const;
export type Speaker = (typeof SPEAKERS)[number];

/** What the key of an event is made of. */
export const EVENT_KEY = /^[A-Za-z0-9._:-]{1,128}$/;
/** What an event has at most: characters, or items of a list. */
export const MOST_OF_EVENT = {
  session_key: 255,
  /** What is kept of it is what a column holds: 65,535, of a tool one line of 500. */
  text: 262_144,
  title: 500,
  tag: 100,
  project_name: 255,
  remote: 500,
  path: 500,
  branch: 255,
  commit: 64,
  changed_files: 1_000,
  changed_file: 1_000,
  sequence: 2_147_483_647,
} as const;
/** Events of one request. */
export const MOST_EVENTS = 200;
