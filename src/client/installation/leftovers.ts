import { existsSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { foldersOf } from '../folders.js';
import { Log } from '../log.js';
import { Spool } from '../spool/spool.js';

/** What hooks need while they are installed, and nobody afterwards. */
const OF_HOOKS = ['cache', 'changed', 'doctor', 'backups', 'pause.json', 'silence.json', 'upload.lock'];

/** Something that stays on this machine. */
export interface Kept {
  what: string;
  path: string;
}

/** What stays when the last hooks go: events that no server has, and which sessions hooks have saved. */
export function keptAfterwards(): Kept[] {
  const { state } = foldersOf();
  const spool = new Spool(state);
  const [waiting, failed] = [spool.waiting().length, spool.countFailed()];
  const events = [waiting > 0 ? `${waiting} that wait` : '', failed > 0 ? `${failed} put aside` : ''];
  const sessions = join(state, 'sessions');
  return [
    ...(waiting + failed > 0
      ? [{ what: `events that were not sent (${events.filter(Boolean).join(', ')})`, path: spool.folder }]
      : []),
    ...(existsSync(sessions)
      ? [{ what: 'the names of sessions that hooks saved, which import leaves out', path: sessions }]
      : []),
  ];
}

/** Removes what has no use without hooks; with `all` what is kept, too. Nothing else that is in the folder of the state. */
export function clearState(all: boolean): void {
  const { state } = foldersOf();
  const spool = new Spool(state);
  const hasEvents = spool.waiting().length + spool.countFailed() > 0;
  for (const name of OF_HOOKS) rmSync(join(state, name), { recursive: true, force: true });
  if (all || !hasEvents) {
    // The log says why something waits.
    const { file } = new Log(state);
    for (const path of [spool.folder, file, `${file}.1`]) rmSync(path, { recursive: true, force: true });
  }
  if (all) rmSync(join(state, 'sessions'), { recursive: true, force: true });
  removeEmpty(state);
}

/** Removes a folder in which nothing is. */
export function removeEmpty(folder: string): void {
  try {
    if (readdirSync(folder).length === 0) rmdirSync(folder);
  } catch {
    // It is not there, or somebody else's.
  }
}
