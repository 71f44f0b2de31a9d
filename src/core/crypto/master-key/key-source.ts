import { existsSync, readFileSync } from 'node:fs';
import type { AppSettings } from '../../config/settings.js';
import { MasterKeyError } from './boot-errors.js';
import { developmentKeyFile, ensureDevelopmentKey, readDevelopmentKey } from './development-key.js';
import { runKeyCommand } from './key-command.js';
import { MasterKey } from './master-key.js';

const HOW = `make one with "openssl rand -hex 32" and set API_KEY_MASTER_KEY or API_KEY_MASTER_KEY_FILE`;

export type MasterKeySettings = Pick<
  AppSettings,
  | 'NODE_ENV'
  | 'OPSKEEP_DATA'
  | 'API_KEY_MASTER_KEY'
  | 'API_KEY_MASTER_KEY_NEXT'
  | 'API_KEY_MASTER_KEY_PREVIOUS'
  | 'API_KEY_MASTER_KEY_COMMAND'
  | 'masterKeyFile'
>;

/** Where the master key comes from. */
export interface KeySource {
  /** In words, without a secret: `the file /etc/opskeep/master.key`. */
  what: string;
  /** The setting that errors name. */
  setting: string;
  /** One key a line, the first is current. */
  read: () => Promise<string>;
  /** Whether another reading may give other keys; those of the environment stay until the next start. */
  changes: boolean;
}

function readFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new MasterKeyError(`API_KEY_MASTER_KEY_FILE: ${path} cannot be read`, { cause });
  }
}

/** @throws MasterKeyError in production, when there is none */
export function keySource(settings: MasterKeySettings): KeySource {
  const { API_KEY_MASTER_KEY_COMMAND: command, API_KEY_MASTER_KEY: given, masterKeyFile: file } = settings;
  if (command)
    return {
      what: `the command ${command[0]}`,
      setting: 'The output of API_KEY_MASTER_KEY_COMMAND',
      read: () => runKeyCommand(command),
      changes: true,
    };
  if (given && file !== undefined)
    return {
      what: `the file ${file}`,
      setting: 'API_KEY_MASTER_KEY_FILE',
      read: () => Promise.resolve(readFile(file)),
      changes: true,
    };
  if (given)
    return {
      what: 'API_KEY_MASTER_KEY',
      setting: 'API_KEY_MASTER_KEY',
      read: () => Promise.resolve(given.reveal()),
      changes: false,
    };
  if (settings.NODE_ENV === 'production')
    throw new MasterKeyError(`API_KEY_MASTER_KEY is not set, and production needs one: ${HOW}`);
  return {
    what: `the file ${developmentKeyFile(settings.OPSKEEP_DATA)}`,
    setting: 'master.key',
    read: () => Promise.resolve(readDevelopmentKey(settings.OPSKEEP_DATA)),
    changes: true,
  };
}

/** Whether there is a source that has one, as far as it can be seen without asking it. */
export function hasKey(settings: MasterKeySettings): boolean {
  if (settings.API_KEY_MASTER_KEY ?? settings.API_KEY_MASTER_KEY_COMMAND) return true;
  return settings.NODE_ENV !== 'production' && existsSync(developmentKeyFile(settings.OPSKEEP_DATA));
}

/** In development a key is made where none is given. */
export function ensureKey(settings: MasterKeySettings, warn: (message: string) => void): void {
  if (settings.API_KEY_MASTER_KEY ?? settings.API_KEY_MASTER_KEY_COMMAND) return;
  if (settings.NODE_ENV !== 'production') ensureDevelopmentKey(settings.OPSKEEP_DATA, warn);
}

/** One key a line; blank lines mean nothing. @throws MasterKeyError */
export function parseKeys(text: string, setting: string): MasterKey[] {
  const lines = text.split('\n').map(line => line.trim());
  const keys = lines.filter(line => line !== '').map(line => MasterKey.parse(line, setting));
  if (keys.length === 0) throw new MasterKeyError(`${setting} is empty: ${HOW}`);
  return keys;
}
