import { isDeepStrictEqual } from 'node:util';
import { rmSync } from 'node:fs';
import type { Call } from '../cli/command.js';
import { print } from '../cli/output.js';
import { configurationFile, readConfiguration } from '../configuration.js';
import { writePrivate } from '../private-files.js';
import { forgetBackup, readBackup } from './backups.js';
import { ourScripts, withoutOurs } from './entries.js';
import { placesOf } from './places.js';
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
  if (typeof backup?.text === 'string' && isSame(backup.text, next)) return writeSettings(path, backup.text);
  writeSettings(path, formatted(next, text));
}

function isSame(text: string, value: unknown): boolean {
  try {
    return isDeepStrictEqual(JSON.parse(text.replace(/^\ufeff/, '').trim() || '{}'), value);
  } catch {
    return false;
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
