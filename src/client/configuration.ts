import { join } from 'node:path';
import { type Surroundings, surroundings } from './environment.js';
import { foldersOf } from './folders.js';
import { readObject } from './private-files.js';

/** How the server is reached. */
export interface Connection {
  /** Without a slash at its end. */
  url?: string;
  token?: string;
}

/** What `config.json` holds. */
export interface Configuration extends Connection {
  /** The settings files that hooks were installed into. */
  installed?: string[];
}

export const configurationFile = (around: Surroundings = surroundings()) =>
  join(foldersOf(around).config, 'config.json');

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);

/** What is configured on this machine; nothing when the file is not there or broken. */
export function readConfiguration(around: Surroundings = surroundings()): Configuration {
  const { url, token, installed } = readObject(configurationFile(around)) ?? {};
  const paths = Array.isArray(installed) ? installed.filter(one => typeof one === 'string') : [];
  return { url: text(url), token: text(token), installed: paths };
}

const withoutSlash = (url: string | undefined) => url?.replace(/\/{1,8}$/, '');

/** The server that is spoken to: the environment comes before the file. */
export function connectionOf(around: Surroundings = surroundings()): Connection {
  const { url, token } = readConfiguration(around);
  const { variable } = around;
  return {
    url: withoutSlash(variable('OPSKEEP_URL') ?? url),
    token: (variable('OPSKEEP_TOKEN') ?? variable('CREDENTIALS_MANAGER_TOKEN') ?? token)?.trim(),
  };
}
