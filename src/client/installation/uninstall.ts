import { isDeepStrictEqual } from 'node:util';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Call } from '../cli/command.js';
import { ClientError } from '../cli/errors.js';
import { print } from '../cli/output.js';
import { configurationFile, readConfiguration } from '../configuration.js';
import { foldersOf } from '../folders.js';
import { asObject, writePrivate } from '../private-files.js';
import { COMPILED } from '../../formats/compiled-script.js';
import { forgetBackup, readBackup } from './backups.js';
import { ourScripts, withoutOurs, withOddShapes, withOurs } from './entries.js';
import { clearState, type Kept, keptAfterwards, removeEmpty } from './leftovers.js';
import { type Places, placesOf, requireInside, scriptFiles } from './places.js';
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
  const others = othersThan(places.settings);
  const purge = call.flag('purge');
  if (purge && others.length > 0)
    throw new ClientError(
      `Hooks are still installed in ${others.join(', ')}: what is kept on this machine is theirs, too. Nothing was changed.`,
    );
  if (call.flag('dry-run'))
    return tell(call, places.settings, was, others.length > 0 || purge ? [] : keptAfterwards());
  if (was) restore(settings, next);
  forgetBackup(places.settings);
  if (others.length > 0) writeInstalled(others);
  else forgetMachine(places, purge);
  tell(call, places.settings, was, others.length > 0 ? [] : keptAfterwards());
}

function tell(call: Call, settings: string, was: boolean, kept: Kept[]): void {
  const isDry = call.flag('dry-run');
  const done = was
    ? isDry
      ? `Would take the hooks out of ${settings}.`
      : `The hooks are out of ${settings}.`
    : `There ${isDry ? 'are' : 'were'} no hooks of ours in ${settings}.`;
  const means = [
    'With OPSKEEP_URL (their server) and OPSKEEP_TOKEN, opskeep hooks upload sends events (--failed: what was put aside, too);',
    'opskeep hooks uninstall --purge removes all of it.',
  ];
  print(call.json, { settings, changed: was, dry_run: isDry, kept }, () =>
    [
      done,
      ...kept.map(one => `${isDry ? 'Would be kept' : 'Kept'}: ${one.what}, in ${one.path}`),
      ...(kept.length > 0 ? means : []),
    ].join('\n'),
  );
}

function restore({ path, text, value: _value }: SettingsFile, next: Record<string, unknown>): void {
  const backup = readBackup(path);
  const isEmpty = Object.keys(next).length === 0;
  if (backup?.text === null && isEmpty) return removeWithFolder(path);
  const before = typeof backup?.text === 'string' ? valueIn(backup.text) : undefined;
  if (typeof backup?.text !== 'string' || !before) return writeSettings(path, formatted(next, text));
  // What they were before, when nothing but our hooks has come and gone.
  if (isDeepStrictEqual(withoutOurs(withOurs(before, '', '/opskeep/hook.cjs')), next))
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

/** Where hooks are installed beside these settings. */
function othersThan(settings: string): string[] {
  const { installed = [] } = readConfiguration();
  return installed.filter(one => one !== settings);
}

function writeInstalled(installed: string[]): void {
  writePrivate(configurationFile(), `${JSON.stringify({ ...readConfiguration(), installed }, null, 2)}\n`);
}

/** With the last installation everything goes that has no use without one: token, script, commands, what was recalled, and what sessions were told. */
function forgetMachine({ script, commands }: Places, purge: boolean): void {
  removeSlashCommands(commands);
  const { config, data } = foldersOf();
  const files = scriptFiles(script).map(one => one.installed);
  for (const path of [configurationFile(), join(config, '.gitignore'), ...files])
    rmSync(path, { force: true });
  rmSync(join(data, COMPILED), { recursive: true, force: true });
  removeEmpty(config);
  removeEmpty(data);
  clearState(purge);
}
