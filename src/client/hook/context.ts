import { type Connection, connectionOf } from '../configuration.js';
import { foldersOf } from '../folders.js';
import { Log } from '../log.js';
import { isHeld } from '../spool/lock.js';
import type { MemoryEvent } from '../spool/event.js';
import { Pause } from '../spool/pause.js';
import { Spool } from '../spool/spool.js';
import { join } from 'node:path';

/** What the answer to an event needs. */
export class HookContext {
  readonly connection: Connection & { fault?: string } = connectionOf();
  readonly state = foldersOf().state;
  readonly log = new Log(this.state);
  readonly spool = new Spool(this.state);

  constructor(
    readonly event: string,
    /** Milliseconds after the start of the process by which everything has to be done. */
    private readonly deadline: number,
  ) {}

  /** Milliseconds that are left, without those that it takes to answer; nothing is asked when there are none. */
  get left(): number {
    return Math.max(0, this.deadline - performance.now() - 50);
  }

  /** Puts an event into the spool; a disk that takes none is a line in the log. */
  keep(event: MemoryEvent): void {
    try {
      this.spool.put(event);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      this.log.warn(
        this.event,
        `an event was not saved: the spool cannot be written to (${code ?? message})`,
      );
    }
  }

  /** Brings what waits to the server, in a process of its own that outlives this one. */
  async startUpload(): Promise<void> {
    const [, script = ''] = process.argv;
    const { url, token } = this.connection;
    if (!url || !token || new Pause(this.state).current() || isHeld(join(this.state, 'upload.lock'))) return;
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
