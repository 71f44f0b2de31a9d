import type { Call } from '../cli/command.js';
import { print } from '../cli/output.js';
import { configurationFile, connectionOf } from '../configuration.js';
import { foldersOf } from '../folders.js';
import { Log } from '../log.js';
import { MEND_TOKEN } from '../refusals.js';
import { serverFolder } from '../server-folder.js';
import { Pause } from '../spool/pause.js';
import { Spool } from '../spool/spool.js';
import { HOOK_EVENTS, ourScripts } from './entries.js';
import { unsent } from './leftovers.js';
import { placesOf } from './places.js';
import { readSettings } from './settings-file.js';

/** Tells where hooks are installed, and what waits. Asks no server. */
export async function status(call: Call): Promise<void> {
  const { state } = foldersOf();
  const { url, token } = connectionOf();
  const server = serverFolder(url, state);
  const spool = new Spool(server);
  const uploads = Pause.ofUploads(server, { url, token });
  const { kind, reason = null } = uploads.last() ?? {};
  const isRefused = kind === 'token' || kind === 'right';
  const installed = (['project', 'user'] as const).map(scope => {
    const { settings } = placesOf({ flag: name => name === 'user' && scope === 'user' });
    const events = [...ourScripts(readSettings(settings).value).keys()];
    return { scope, settings, events, complete: events.length === HOOK_EVENTS.length };
  });
  const told = {
    installed,
    url: url ?? null,
    has_token: token !== undefined,
    configuration: configurationFile(),
    waiting: spool.waiting().length,
    failed: spool.countFailed(),
    paused: uploads.current()?.reason ?? null,
    refused: isRefused ? reason : null,
    spool: spool.folder,
    elsewhere: unsent().filter(one => one.server !== server),
    log: new Log(state).file,
  };
  print(call.json, told, () =>
    [
      ...installed.map(one => {
        const how = one.complete ? 'installed' : one.events.length > 0 ? 'incomplete' : 'not installed';
        return `${one.scope}: ${how} (${one.settings})`;
      }),
      `server: ${url ?? 'none'}; token: ${token ? 'there' : 'none'} (${told.configuration})`,
      `waiting: ${told.waiting}; put aside: ${told.failed} (${told.spool})`,
      ...told.elsewhere.map(
        one => `for another server: waiting: ${one.waiting}; put aside: ${one.failed} (${one.spool})`,
      ),
      ...(told.refused
        ? [`REFUSED: ${told.refused}`, `to mend: ${MEND_TOKEN}`]
        : told.paused
          ? [`paused: ${told.paused}`]
          : []),
      `log: ${told.log}`,
    ].join('\n'),
  );
}
