import { ClientError, EXIT } from '../cli/errors.js';
import { print, printNotice } from '../cli/output.js';
import { connectionOf } from '../configuration.js';
import { foldersOf } from '../folders.js';
import { Log } from '../log.js';
import { asObject } from '../private-files.js';
import { Spool } from '../spool/spool.js';
import type { MemoryEvent } from '../spool/event.js';
import { upload } from '../spool/upload.js';

const PATIENCE_MS = 60_000;

/**
 * Saves an event as hooks do, by way of the spool, and tells what became of it: a server that is not there gets it later.
 *
 * @throws ClientError when the disk does not take it, or the server refuses it
 */
export async function keep(event: MemoryEvent, json: boolean): Promise<number> {
  const { state } = foldersOf();
  const log = new Log(state);
  try {
    new Spool(state).put(event);
  } catch (error) {
    const { code = 'error' } = error as NodeJS.ErrnoException;
    throw new ClientError(`It was not saved: the spool in ${state} cannot be written to (${code})`);
  }
  const result = await becameOf(event, state, log);
  const status = result ? String(result.status) : 'waiting';
  if (status === 'refused') {
    const { error, code } = asObject(result?.error) ?? {};
    throw new ClientError(`The server refused it: ${String(error)}`, EXIT.failed, String(code));
  }
  if (!result) printNotice('The server is not reachable now: it is kept, and sent when it is.');
  const told = {
    status,
    id: result?.id ?? null,
    resource: result?.resource ?? null,
    project: event.project.name,
  };
  print(json, told, () => `${result ? 'Saved' : 'Kept'} for ${event.project.name}.`);
  return EXIT.ok;
}

/** The server's answer to the event; undefined when it waits. Another process may be bringing it away. */
async function becameOf(event: MemoryEvent, state: string, log: Log) {
  const connection = connectionOf();
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline;) {
    const told = await upload(connection, state, log, { now: true });
    if (told) return told.results.get(event.key) ?? (told.stopped ? undefined : sent(event, state));
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  return undefined;
}

/** Another process has brought it away, and has its answer. */
function sent({ key }: MemoryEvent, state: string): Record<string, unknown> | undefined {
  const waits = new Spool(state).waiting().some(one => one.name.includes(key));
  return waits ? undefined : { status: 'stored' };
}
