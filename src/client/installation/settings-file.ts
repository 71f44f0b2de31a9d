import { existsSync, realpathSync, rmdirSync, rmSync, statSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { ClientError } from '../cli/errors.js';
import { asObject, writeWhole } from '../private-files.js';
import { readFileText } from '../read-file.js';

const MOST_BYTES = 4 << 20;

/** A settings file of the host, with what is needed to write it as it was. */
export interface SettingsFile {
  path: string;
  /** As it is on the disk; undefined when it is not there. */
  text?: string;
  value: Record<string, unknown>;
}

/**
 * @throws ClientError for a file that is no object of JSON: it is left as it is
 */
export function readSettings(path: string): SettingsFile {
  if (!existsSync(path)) return { path, value: {} };
  const text = readFileText(path, { most: MOST_BYTES });
  if (text === undefined) throw new ClientError(`${path} is no readable file, and was left as it is`);
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\ufeff/, '').trim() || '{}');
  } catch (error) {
    throw new ClientError(`${path} is not valid JSON, and was left as it is: ${placeOf(error as Error)}`);
  }
  const object = asObject(value);
  if (!object) throw new ClientError(`${path} holds no object of JSON, and was left as it is`);
  return { path, text, value: object };
}

/** Where the fault is, without what stands there. */
function placeOf({ message }: Error): string {
  const [, place] = /(?:at position \d+ )?\(?(line \d+ column \d+)\)?/.exec(message) ?? [];
  const [, position] = /at position (\d+)/.exec(message) ?? [];
  return place ?? (position ? `position ${position}` : 'it ends too early, or has a comma too many');
}

/** A value as JSON in the way that the file is written: its indentation, line ends, byte order mark and last line end. */
export function formatted(value: unknown, like = ''): string {
  const [, indent = '  '] = /^\s*\{\r?\n([ \t]+)"/.exec(like.replace(/^\ufeff/, '')) ?? [];
  const isOneLine = like.trim() !== '' && !/\n/.test(like.trim()) && like.trim() !== '{}';
  const json = JSON.stringify(value, null, isOneLine ? 0 : indent);
  const end = like === '' || /\n$/.test(like) ? '\n' : '';
  const text = `${like.startsWith('\ufeff') ? '\ufeff' : ''}${json}${end}`;
  return like.includes('\r\n') ? text.replaceAll('\n', '\r\n') : text;
}

/** Writes a settings file as a whole; a link stays a link, and the mode what it was. */
export function writeSettings(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const real = existsSync(path) ? realpathSync(path) : path;
  const mode = existsSync(real) ? statSync(real).mode & 0o777 : 0o644;
  writeWhole(real, text, mode);
}

/** Removes a file, and its folder when nothing else is in it. */
export function removeWithFolder(path: string): void {
  rmSync(path, { force: true });
  try {
    rmdirSync(dirname(path));
  } catch {
    // There is something else in it.
  }
}
