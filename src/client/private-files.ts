import { chmodSync, closeSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { readFileText } from './read-file.js';

const MOST_BYTES = 4 << 20;

/** A folder for this user alone; one that is there already is made so. */
export function privateFolder(path: string): string {
  if (mkdirSync(path, { recursive: true, mode: 0o700 }) === undefined) {
    try {
      chmodSync(path, 0o700);
    } catch {
      // It is somebody else's: what is written into it fails, or is 0600.
    }
  }
  return path;
}

/** Writes a file as a whole or not at all, readable by this user alone; its folder is there. */
export function writeWhole(path: string, text: string | Uint8Array, mode = 0o600): void {
  const made = `${path}.${process.pid}${Math.random().toString(36).slice(1)}.tmp`;
  // What is there already is somebody's: a link of that name would lead to another file.
  const file = openSync(made, 'wx', mode);
  try {
    try {
      writeFileSync(file, text);
    } finally {
      closeSync(file);
    }
    renameSync(made, path);
  } catch (error) {
    // A part of it would only fill a disk that is full.
    rmSync(made, { force: true });
    throw error;
  }
}

/** As `writeWhole`, with its folder. */
export function writePrivate(path: string, text: string | Uint8Array): void {
  privateFolder(dirname(path));
  writeWhole(path, text);
}

/** What a file of JSON holds, when it is an object; undefined when it is not there or broken. */
export function readObject(path: string): Record<string, unknown> | undefined {
  try {
    return asObject(JSON.parse(readFileText(path, { most: MOST_BYTES }) ?? ''));
  } catch {
    return undefined;
  }
}

/** A value that is an object with names. */
export function asObject(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}
