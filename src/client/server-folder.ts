import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../formats/sha256.js';
import { foldersOf } from './folders.js';

const serversIn = (state: string) => join(state, 'servers');

/**
 * The folder of one server: what waits for it, what it has recalled, and what sessions were told. What was kept for one
 * server is sent to no other, and told for no other, whichever the settings of a project name. Called by host and a hash
 * of the address; where no server is named nothing is ever kept.
 *
 * @param url as of a `Connection`
 */
export function serverFolder(url: string | undefined, state = foldersOf().state): string {
  return join(serversIn(state), url === undefined ? 'none' : nameOf(new URL(url)));
}

function nameOf({ href, protocol, host }: URL): string {
  const hash = sha256(href.replace(/\/+$/, '')).slice(0, 16);
  return `${`${protocol}${host}`.replace(/[^\w.-]+/g, '_').slice(0, 100)}-${hash}`;
}

/** Of all servers for which something is kept. */
export function serverFolders(state = foldersOf().state): string[] {
  try {
    return readdirSync(serversIn(state)).map(name => join(serversIn(state), name));
  } catch {
    return [];
  }
}
