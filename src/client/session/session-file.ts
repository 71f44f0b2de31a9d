import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { foldersOf } from '../folders.js';
import { asObject, privateFolder, readObject, writePrivate } from '../private-files.js';
import { isServerUrl } from '../server/addresses.js';
import { serverFolder } from '../server-folder.js';
import { readGuarded } from '../disk/guarded-files.js';
import { locked } from '../disk/lock.js';

/** A login of this user at a server, as it stands on the disk: 0600, in the folder of that server. */
export interface Session {
  email: string;
  access_token: string;
  /** Works once: the answer to it brings the next (RFC 9700). */
  refresh_token: string;
  /** When the access token ends, by the clock of this machine, in ISO 8601. */
  expires_at: string;
  logged_in_at: string;
}

const TEXTS = ['email', 'access_token', 'refresh_token', 'expires_at', 'logged_in_at'] as const;

export const sessionFile = (url: string) => join(serverFolder(url), 'session.json');
const currentFile = () => join(foldersOf().state, 'login.json');

/**
 * The session at a server; undefined without one, or when the file holds none.
 *
 * @throws ClientError when others could read the file, or have put a link there
 */
export function readSession(url: string): Session | undefined {
  const bytes = readGuarded(sessionFile(url));
  if (!bytes) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
  const texts = asObject(value) ?? {};
  return TEXTS.every(name => typeof texts[name] === 'string') ? (texts as unknown as Session) : undefined;
}

export const writeSession = (url: string, session: Session) =>
  writePrivate(sessionFile(url), `${JSON.stringify(session, null, 2)}\n`);

export const removeSession = (url: string) => rmSync(sessionFile(url), { force: true });

/** Work on the session of a server that one process does at a time: its refresh token works once. */
export function alone<T>(url: string, work: () => Promise<T>): Promise<T> {
  return locked(join(privateFolder(serverFolder(url)), 'session.lock'), work);
}

/** The server of the last login, until its logout. */
export function currentServer(): string | undefined {
  const url = readObject(currentFile())?.url;
  return typeof url === 'string' && isServerUrl(url) ? url : undefined;
}

export const setCurrentServer = (url: string) => writePrivate(currentFile(), `${JSON.stringify({ url })}\n`);

export function forgetCurrentServer(url: string): void {
  if (currentServer() === url) rmSync(currentFile(), { force: true });
}
