import { readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { foldersOf } from '../folders.js';
import { Log } from '../log.js';
import { serverFolders } from '../server-folder.js';
import { Spool } from '../spool/spool.js';

/** What hooks need while they are installed, and nobody afterwards, beside the folders of servers. */
const OF_HOOKS = ['changed', 'doctor', 'backups'];

/** Something that stays on this machine. */
export interface Kept {
  what: string;
  path: string;
}

/** Events that wait for a server, or that it would not take. */
export interface Unsent {
  /** The folder of the server. */
  server: string;
  spool: string;
  waiting: number;
  failed: number;
}

/** Of all servers for which there are any. */
export function unsent(): Unsent[] {
  return serverFolders()
    .map(server => {
      const spool = new Spool(server);
      return { server, spool: spool.folder, waiting: spool.waiting().length, failed: spool.countFailed() };
    })
    .filter(one => one.waiting + one.failed > 0);
}

/** What stays when the last hooks go: events that no server has. */
export function keptAfterwards(): Kept[] {
  return unsent().map(({ spool, waiting, failed }) => {
    const events = [waiting > 0 ? `${waiting} that wait` : '', failed > 0 ? `${failed} put aside` : ''];
    return { what: `events that were not sent (${events.filter(Boolean).join(', ')})`, path: spool };
  });
}

/** Removes what has no use without hooks; with `all` what is kept, too. Nothing else that is in the folder of the state. */
export function clearState(all: boolean): void {
  const { state } = foldersOf();
  const kept = all ? [] : unsent();
  for (const server of serverFolders()) {
    const spool = kept.find(one => one.server === server)?.spool;
    for (const name of namesIn(server))
      if (join(server, name) !== spool) rmSync(join(server, name), { recursive: true, force: true });
    removeEmpty(server);
  }
  removeEmpty(join(state, 'servers'));
  for (const name of OF_HOOKS) rmSync(join(state, name), { recursive: true, force: true });
  // The log says why something waits.
  const { file } = new Log(state);
  if (kept.length === 0) for (const path of [file, `${file}.1`]) rmSync(path, { force: true });
  removeEmpty(state);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Removes a folder in which nothing is. */
export function removeEmpty(folder: string): void {
  try {
    if (readdirSync(folder).length === 0) rmdirSync(folder);
  } catch {
    // It is not there, or somebody else's.
  }
}
