import { join } from 'node:path';
import type { Project } from '../project/project.js';
import { asObject, readObject, writePrivate } from '../private-files.js';
import { cut } from '../cut.js';
import { keyOf } from '../spool/event.js';

/** A thing that was recalled once, for when the server is not there. */
export interface Remembered {
  id: string;
  /** As it was told: a line, and what is quoted below it. */
  line: string;
}

/** The last good answers about a project. */
export interface Cached {
  /** ISO 8601. */
  at: string;
  index: string;
  items: Remembered[];
}

const MOST_ITEMS = 50;
const fileOf = (server: string, { remote, name }: Project) =>
  join(server, 'cache', `${keyOf(remote ?? name)}.json`);

/** @param server the folder of the server that answered */
export function readCache(server: string, project: Project): Cached | undefined {
  const { at, index, items } = readObject(fileOf(server, project)) ?? {};
  if (typeof at !== 'string' || typeof index !== 'string' || !Array.isArray(items)) return undefined;
  const known = items.filter(one => {
    const { id, line } = asObject(one) ?? {};
    return typeof id === 'string' && typeof line === 'string';
  });
  return { at, index, items: known as Remembered[] };
}

/** Keeps what was answered beside what is known of the project already, the newest first. */
export function writeCache(server: string, project: Project, answer: Partial<Omit<Cached, 'at'>>): void {
  const before = readCache(server, project);
  const items = [...(answer.items ?? []), ...(before?.items ?? [])];
  const kept = [...new Map(items.toReversed().map(one => [one.id, one])).values()].toReversed();
  const index = answer.index ?? before?.index ?? '';
  writePrivate(
    fileOf(server, project),
    JSON.stringify({ at: new Date().toISOString(), index, items: kept.slice(0, MOST_ITEMS) }),
  );
}

/** The ends of ids tell the items of an answer apart. */
const SHOWN_OF_ID = 8;
const MOST_READ = 100_000;
const MOST_OF_ITEM = 1_200;

/** Whether a text names the thing with this id. */
export const names = (text: string, id: string) => text.includes(id.slice(-SHOWN_OF_ID));

/** What an answer says of each of these things, in the words of the server, which end no line of it. */
export function toldOf(markdown: string, ids: string[]): Remembered[] {
  const parts: string[] = [];
  for (const line of cut(markdown, MOST_READ).split('\n')) {
    if (line.startsWith('- ')) parts.push(line);
    else if (line.startsWith('  > ') && parts.length > 0) parts.push(`${parts.pop()}\n${line}`);
  }
  return ids.flatMap(id => {
    // Date, kind, score and id stand before the first colon.
    const part = parts.find(one => names(one.split(':', 1)[0] ?? '', id));
    return part === undefined ? [] : [{ id, line: cut(part, MOST_OF_ITEM) }];
  });
}

const words = (text: string) => new Set(text.toLowerCase().match(/[\p{L}\p{N}][\p{L}\p{N}._-]{3,}/gu));

/** Of what is cached, what has at least two longer words with a prompt in common; the most first. */
export function likeIn(items: Remembered[], prompt: string): Remembered[] {
  const wanted = words(prompt);
  return items
    .map(one => ({ one, common: [...words(one.line)].filter(word => wanted.has(word)).length }))
    .filter(({ common }) => common >= 2)
    .sort((a, b) => b.common - a.common)
    .slice(0, 5)
    .map(({ one }) => one);
}
