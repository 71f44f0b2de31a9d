import { isDeepStrictEqual } from 'node:util';
import { rmSync } from 'node:fs';
import type { Call } from '../cli/command.js';
import { print } from '../cli/output.js';
import { configurationFile, readConfiguration } from '../configuration.js';
import { asObject, writePrivate } from '../private-files.js';
import { forgetBackup, readBackup } from './backups.js';
import { ourScripts, withoutOurs, withOddShapes, withOurs } from './entries.js';
import { placesOf, requireInside } from './places.js';
import {
  formatted,
  readSettings,
  removeWithFolder,
  type SettingsFile,
  writeSettings,
} from './settings-file.js';
import { removeSlashCommands } from './slash-commands.js';

/** Takes the hooks out again. Where nothing else was changed meanwhile, the settings are what they were, to the byte. */
export async function uninstall(call: Call): Promise<void> {
  const places = placesOf(call);
  requireInside(places);
  const settings = readSettings(places.settings);
  const was = ourScripts(settings.value).size > 0;
  const next = withoutOurs(settings.value);
  if (call.flag('dry-run'))
    return print(call.json, { settings: places.settings, changed: was, dry_run: true }, () =>
      was
        ? `Would take the hooks out of ${places.settings}`
        : `There are no hooks of ours in ${places.settings}`,
    );
  removeSlashCommands(places.folder);
  if (was) restore(settings, next);
  forgetBackup(places.settings);
  forgetConfiguration(places.settings, places.script);
  print(call.json, { settings: places.settings, changed: was, dry_run: false }, () =>
    was ? `The hooks are out of ${places.settings}.` : `There were no hooks of ours in ${places.settings}.`,
  );
}

function restore({ path, text, value: _value }: SettingsFile, next: Record<string, unknown>): void {
  const backup = readBackup(path);
  const isEmpty = Object.keys(next).length === 0;
  if (backup?.text === null && isEmpty) return removeWithFolder(path);
  const before = typeof backup?.text === 'string' ? valueIn(backup.text) : undefined;
  if (typeof backup?.text !== 'string' || !before) return writeSettings(path, formatted(next, text));
  // What they were before, when nothing but our hooks has come and gone.
  if (isDeepStrictEqual(withoutOurs(withOurs(before, '', '/opskeep/hook.mjs')), next))
    return writeSettings(path, backup.text);
  writeSettings(path, formatted(withOddShapes(next, before), text));
}

/** Undefined for what is no object, or has our hooks in it. */
function valueIn(text: string): Record<string, unknown> | undefined {
  try {
    const value = asObject(JSON.parse(text.replace(/^\ufeff/, '').trim() || '{}'));
    return value && ourScripts(value).size === 0 ? value : undefined;
  } catch {
    return undefined;
  }
}

/** With the last installation its token and script go, too. What waits in the spool stays. */
function forgetConfiguration(settings: string, script: string): void {
  const { installed = [], ...rest } = readConfiguration();
  const left = installed.filter(one => one !== settings);
  if (left.length > 0 || !installed.includes(settings)) {
    if (left.length !== installed.length)
      writePrivate(configurationFile(), `${JSON.stringify({ ...rest, installed: left }, null, 2)}\n`);
    return;
  }
  rmSync(configurationFile(), { force: true });
  rmSync(script, { force: true });
}
