import type { Call } from '../cli/command.js';
import { EXIT } from '../cli/errors.js';
import { print } from '../cli/output.js';
import { foldersOf } from '../folders.js';
import { Log } from '../log.js';
import { MEND_TOKEN } from '../refusals.js';
import { requiredConnection } from '../server/server.js';
import { serverFolder } from '../server-folder.js';
import { Spool } from '../spool/spool.js';
import { upload } from '../spool/upload.js';

/** Brings what waits to the server now; with `--failed` what was put aside as well. */
export async function uploadNow(call: Call): Promise<number> {
  const { state } = foldersOf();
  const connection = requiredConnection();
  const spool = new Spool(serverFolder(connection.url, state));
  const retried = call.flag('failed') ? spool.retryFailed() : 0;
  const told = await upload(connection, state, new Log(state), { now: true });
  const { stored = 0, repeated = 0, refused = 0 } = told ?? {};
  const trouble = told?.stopped;
  const stopped = told ? trouble?.reason : 'another process is at it';
  const waiting = spool.waiting().length;
  print(call.json, { stored, repeated, refused, retried, waiting, stopped: stopped ?? null }, () =>
    [
      `stored: ${stored}; known already: ${repeated}; put aside: ${refused}; waiting: ${waiting}`,
      ...(stopped ? [`stopped: ${stopped}`] : []),
      ...(trouble?.kind === 'token' || trouble?.kind === 'right' ? [`to mend: ${MEND_TOKEN}`] : []),
    ].join('\n'),
  );
  if (stopped && waiting > 0) return trouble?.kind === 'away' ? EXIT.away : EXIT.failed;
  return refused > 0 ? EXIT.failed : EXIT.ok;
}
