import { type Connection, connectionOf } from '../configuration.js';
import { foldersOf } from '../folders.js';
import { Log } from '../log.js';
import type { Project } from '../project/project.js';
import { isHeld } from '../spool/lock.js';
import type { MemoryEvent } from '../spool/event.js';
import { Pause } from '../spool/pause.js';
import { Spool } from '../spool/spool.js';
import { serverFolder } from '../server-folder.js';
import { join } from 'node:path';
import { type Cached, writeCache } from './cache.js';
import { type SessionState, writeSession } from './session-state.js';

/** What the answer to an event needs. */
export class HookContext {
  readonly connection: Connection & { fault?: string } = connectionOf();
  readonly state = foldersOf().state;
  readonly log = new Log(this.state);
  /** The folder of the server: all that is kept but the log, and which files were changed. */
  readonly server = serverFolder(this.connection.url, this.state);
  readonly spool = new Spool(this.server);
  readonly uploads = Pause.ofUploads(this.server, this.connection);
  readonly silence = Pause.ofRecall(this.server, this.connection);

  constructor(
    readonly event: string,
    /** Milliseconds after the start of the process by which everything has to be done. */
    private readonly deadline: number,
  ) {}

  /** Milliseconds that are left, without those that it takes to answer; nothing is asked when there are none. */
  get left(): number {
    return Math.max(0, this.deadline - process.uptime() * 1000 - 50);
  }

  /** Puts an event into the spool. */
  keep(event: MemoryEvent): void {
    this.write('an event was not saved: the spool cannot be written to', () => this.spool.put(event));
  }

  /** Keeps what a session knows. */
  note(session: string, known: SessionState): void {
    this.write('what the session was told was not noted', () => writeSession(this.server, session, known));
  }

  /** Keeps what was recalled, for when the server is away. */
  cache(project: Project, answer: Partial<Omit<Cached, 'at'>>): void {
    this.write('what was recalled was not kept', () => writeCache(this.server, project, answer));
  }

  /** A disk that takes nothing is a line in the log: what is recalled is told all the same. */
  private write(otherwise: string, work: () => void): void {
    try {
      work();
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      this.log.warn(this.event, `${otherwise} (${code ?? message})`);
    }
  }

  /** Brings what waits to the server, in a process of its own that outlives this one. */
  async startUpload(): Promise<void> {
    const [, script = ''] = process.argv;
    const { url, token } = this.connection;
    if (!url || !token || this.uploads.current() || isHeld(join(this.server, 'upload.lock'))) return;
    const { spawn } = await import('node:child_process');
    const child = spawn(process.execPath, [script, 'upload'], {
      cwd: this.spool.folder,
      detached: true,
      stdio: 'ignore',
      windowsHide: true,
    });
    // It is tried again at the next event.
    child.on('error', () => undefined);
    child.unref();
  }
}
