import { join } from 'node:path';
import { type Surroundings, surroundings } from './environment.js';
import { foldersOf } from './folders.js';
import { readObject } from './private-files.js';
import { isServerUrl, withoutSlash } from './server/addresses.js';

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

/**
 * The server that is spoken to: the environment comes before the file. The token of the file is for the server of the file
 * alone, because settings of a project can bring variables along; `fault` says why there is no server or no token.
 */
export function connectionOf(around: Surroundings = surroundings()): Connection & { fault?: string } {
  const known = readConfiguration(around);
  const { variable } = around;
  const ours = withoutSlash(known.url);
  const url = withoutSlash(variable('OPSKEEP_URL')) ?? ours;
  const own = (variable('OPSKEEP_TOKEN') ?? variable('CREDENTIALS_MANAGER_TOKEN'))?.trim();
  if (url === undefined) return { token: own ?? known.token?.trim(), fault: 'no server is configured' };
  if (!isServerUrl(url))
    return { token: own, fault: 'OPSKEEP_URL, or the url of the configuration, is no address of a server' };
  const token = own ?? (url === ours ? known.token?.trim() : undefined);
  if (token) return { url, token };
  const isOther = known.token !== undefined && url !== ours;
  return {
    url,
    fault: isOther
      ? 'OPSKEEP_URL names another server than the configuration: its token must be in OPSKEEP_TOKEN'
      : 'no token is configured',
  };
}
