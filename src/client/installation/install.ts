import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Call } from '../cli/command.js';
import { ClientError, UsageError } from '../cli/errors.js';
import { print, printNotice } from '../cli/output.js';
import { askHidden, readToken } from '../cli/secret-input.js';
import { configurationFile, connectionOf, readConfiguration } from '../configuration.js';
import { surroundings } from '../environment.js';
import { foldersOf } from '../folders.js';
import { writePrivate } from '../private-files.js';
import { isReadable } from '../server/addresses.js';
import { namedServer } from '../server/named-server.js';
import { request } from '../server/request.js';
import { backupFile, keepBackup, readBackup } from './backups.js';
import { HOOK_EVENTS, ourScripts, withOurs } from './entries.js';
import { type Places, placesOf, requireInside, scriptFiles } from './places.js';
import { formatted, readSettings, writeSettings } from './settings-file.js';
import { installSlashCommands, slashCommandFiles } from './slash-commands.js';

const PATIENCE_MS = 5_000;

/** Installs the hooks: settings of the host, script, configuration, commands. A second time it changes nothing. */
export async function install(call: Call): Promise<void> {
  const places = placesOf(call);
  requireInside(places);
  const settings = readSettings(places.settings);
  const connection = await connectionFor(call);
  const next = withOurs(settings.value, process.execPath, places.script);
  const text = formatted(next, settings.text);
  const isChanged = JSON.stringify(next) !== JSON.stringify(settings.value);
  const isNew = ourScripts(settings.value).size === 0;
  const told = { settings: places.settings, changed: isChanged, events: HOOK_EVENTS, script: places.script };
  if (call.flag('dry-run')) {
    const files = filesOf(places, isNew);
    return print(call.json, { ...told, dry_run: true, files, text }, () =>
      [`Would write ${places.settings}:`, text, 'Would write as well:', ...files].join('\n'),
    );
  }
  await requireGood(connection);
  const isKept = keepsBackup(places, isNew);
  if (isKept) keepBackup(places.settings, settings.text);
  writeConfiguration(connection, places);
  copyScript(places.script);
  if (isChanged) writeSettings(places.settings, text);
  for (const path of installSlashCommands(places.commands))
    printNotice(`${path} is not ours, and was left as it is`);
  print(call.json, { ...told, dry_run: false, backup: isKept ? backupFile(places.settings) : null }, () =>
    [
      `Hooks are installed in ${places.settings}${isChanged ? '' : ' (as they were)'}.`,
      ...(isNew && settings.text !== undefined ? [`As it was before: ${backupFile(places.settings)}`] : []),
      'New sessions use them. Next: opskeep hooks doctor',
    ].join('\n'),
  );
}

/** Whether the settings as they are now are what was before our hooks. */
const keepsBackup = ({ settings }: Places, isNew: boolean) => isNew || readBackup(settings) === undefined;

const ignoreFile = () => join(foldersOf().config, '.gitignore');

/** What is written beside the settings. */
function filesOf(places: Places, isNew: boolean): string[] {
  return [
    ...scriptFiles(places.script).map(one => one.installed),
    configurationFile(),
    ignoreFile(),
    ...(keepsBackup(places, isNew) ? [backupFile(places.settings)] : []),
    ...slashCommandFiles(places.commands),
  ];
}

interface Connected {
  url: string;
  token: string;
}

/** From the options, else from the environment, the configuration, or the terminal. */
async function connectionFor(call: Call): Promise<Connected> {
  const known = connectionOf();
  const url = namedServer(call) ?? known.url;
  if (!url) throw new UsageError('Where is the server? --url URL, or OPSKEEP_URL.');
  if (isReadable(url)) printNotice(`warning: what is sent to ${url} can be read on the way; use https`);
  const place = call.value('token');
  // A token that is known already is for the server that it is known for.
  const isKnown = url === known.url || surroundings().variable('OPSKEEP_TOKEN') !== undefined;
  const token = place !== undefined ? await readToken(place) : isKnown ? known.token : undefined;
  if (token) return { url, token };
  if (call.flag('dry-run')) return { url, token: '' };
  const typed = (await askHidden('Access token: '))?.trim();
  if (!typed)
    throw new UsageError('Which token? --token FILE, --token - (standard input), or OPSKEEP_TOKEN.');
  return { url, token: typed };
}

/** @throws ClientError when the server knows the token not; a server that is not there is only told of */
async function requireGood({ url, token }: Connected): Promise<void> {
  let status: number;
  try {
    ({ status } = await request({ method: 'GET', url: `${url}/api/auth/me`, token, patience: PATIENCE_MS }));
  } catch {
    return printNotice(`warning: ${url} is not reachable now; what is said is kept, and sent when it is`);
  }
  if (status === 401 || status === 403)
    throw new ClientError('The server refuses this token. Nothing was installed.', 1, 'authentication');
  if (status !== 200)
    throw new ClientError(`${url} is no Opskeep (it answers with ${status}). Nothing was installed.`);
}

function writeConfiguration({ url, token }: Connected, { settings }: Places): void {
  const { installed = [] } = readConfiguration();
  const value = { url, token, installed: [...new Set([...installed, settings])] };
  writePrivate(configurationFile(), `${JSON.stringify(value, null, 2)}\n`);
  // A home may be a repository.
  writePrivate(ignoreFile(), '*\n');
}

/** Each file as a whole: a hook that runs meanwhile has the one before or this one. */
function copyScript(script: string): void {
  for (const { brought, installed } of scriptFiles(script)) writePrivate(installed, readFileSync(brought));
}
