import { ClientError, EXIT } from '../cli/errors.js';
import { print, printNotice } from '../cli/output.js';
import { foldersOf } from '../folders.js';
import { Log } from '../log.js';
import { asObject } from '../private-files.js';
import { MEND_TOKEN } from '../refusals.js';
import { serverFolder } from '../server-folder.js';
import { Spool } from '../spool/spool.js';
import type { MemoryEvent } from '../spool/event.js';
import type { Result } from '../spool/delivery.js';
import type { Trouble } from '../spool/pause.js';
import { memoryDoor } from './memory-door.js';
import { upload } from '../spool/upload.js';

const PATIENCE_MS = 60_000;

/**
 * Saves an event as hooks do, by way of the spool, and tells what became of it: a server that is not there gets it later.
 *
 * @throws ClientError when nothing is configured, the disk does not take it, or the server refuses it or the token
 */
export async function keep(event: MemoryEvent, json: boolean): Promise<number> {
  const connection = await memoryDoor();
  const { state } = foldersOf();
  const spool = new Spool(serverFolder(connection.url, state));
  try {
    spool.put(event);
  } catch (error) {
    const { code = 'error' } = error as NodeJS.ErrnoException;
    throw new ClientError(`It was not saved: the spool in ${spool.folder} cannot be written to (${code})`);
  }
  const { result, trouble } = await becameOf(event, state, connection);
  if (result?.status === 'refused') {
    const { error, code } = asObject(result.error) ?? {};
    throw new ClientError(`The server refused it: ${String(error)}`, EXIT.failed, String(code));
  }
  if (!result) told(trouble);
  const said = {
    status: result?.status ?? 'waiting',
    id: result?.id ?? null,
    resource: result?.resource ?? null,
    project: event.project.name,
  };
  print(json, said, () => `${result ? 'Saved' : 'Kept'} for ${event.project.name}.`);
  return EXIT.ok;
}

/** Says why it waits. */
function told(trouble: Trouble | undefined): void {
  if (trouble?.kind === 'token' || trouble?.kind === 'right')
    throw new ClientError(
      `It is not saved yet: ${trouble.reason}. It is kept on this machine, and sent when that is mended: ${MEND_TOKEN}`,
      EXIT.failed,
      trouble.kind === 'token' ? 'authentication' : 'authorization',
    );
  const why = trouble?.reason ?? 'another process is at it';
  printNotice(`It waits, because ${why}: it is kept, and sent when that is over.`);
}

interface Became {
  /** Undefined while it waits. */
  result?: Partial<Result>;
  trouble?: Trouble;
}

/** What the server said of the event. Another process may be bringing it away. */
async function becameOf(
  { key }: MemoryEvent,
  state: string,
  connection: { url: string; token: string },
): Promise<Became> {
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline;) {
    const uploaded = await upload(connection, state, new Log(state), { now: true });
    const result = uploaded?.results.get(key);
    if (result && result.status !== 'failed') return { result };
    if (uploaded?.stopped) return { trouble: uploaded.stopped };
    // Another process has brought it away, and has its answer.
    if (uploaded)
      return new Spool(serverFolder(connection.url, state)).has(key) ? {} : { result: { status: 'stored' } };
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  return {};
}
