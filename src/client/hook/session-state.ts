import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readObject, writePrivate } from '../private-files.js';
import { keyOf } from '../spool/event.js';

/** What a session has been told already. */
export interface SessionState {
  /** Whether it has the index of its project. */
  index: boolean;
  /** Ids of what was recalled into it, the newest last; at most 200. */
  told: string[];
  /** Since when the host has what is said in it; from its beginning when absent. */
  since?: string;
  /** Whether it was told that the token is refused. */
  warned?: boolean;
}

const MOST_IDS = 200;
const KEPT_MS = 180 * 86_400_000;

const folderOf = (server: string) => join(server, 'sessions');
const fileOf = (server: string, session: string) =>
  join(folderOf(server), `${/^[\w-]{1,80}$/.test(session) ? session : keyOf(session)}.json`);

/**
 * What the session was told by a server; nothing for one that is new.
 *
 * @param server its folder
 */
export function readSession(server: string, session: string): SessionState {
  const { index, told, since, warned } = readObject(fileOf(server, session)) ?? {};
  return {
    index: index === true,
    told: Array.isArray(told) ? told.filter(one => typeof one === 'string') : [],
    since: typeof since === 'string' ? since : undefined,
    warned: warned === true,
  };
}

export function writeSession(server: string, session: string, known: SessionState): void {
  const told = known.told.slice(-MOST_IDS);
  writePrivate(fileOf(server, session), JSON.stringify({ ...known, told }));
}

/** Whether hooks captured this session on this machine. */
export function isKnownSession(server: string, session: string): boolean {
  return statSync(fileOf(server, session), { throwIfNoEntry: false }) !== undefined;
}

/** Forgets sessions in which nothing was said for half a year. */
export function forgetOldSessions(server: string, now = Date.now()): void {
  const folder = folderOf(server);
  if (!statSync(folder, { throwIfNoEntry: false })) return;
  for (const name of readdirSync(folder)) {
    const stat = statSync(join(folder, name), { throwIfNoEntry: false });
    if (stat && now - stat.mtimeMs > KEPT_MS) rmSync(join(folder, name), { force: true });
  }
}
