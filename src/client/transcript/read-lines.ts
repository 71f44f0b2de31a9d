import { createReadStream, openSync, readFileSync, readSync, closeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { asObject } from '../private-files.js';

/** A value of a file and the line that it stands on (from 1); without a value the line is broken. */
export interface Read {
  line: number;
  value?: unknown;
}

/** PowerShell writes UTF-16 where it is not told otherwise. */
function encodingOf(path: string): 'utf8' | 'utf16le' {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(2);
    readSync(file, bytes, 0, 2, 0);
    return bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf16le' : 'utf8';
  } finally {
    closeSync(file);
  }
}

/** The lines of a file of JSON lines, one after the other, however large the file is. */
export async function* linesOf(path: string): AsyncGenerator<Read> {
  const input = createReadStream(path, { encoding: encodingOf(path) });
  let line = 0;
  for await (const text of createInterface({ input, crlfDelay: Infinity })) {
    line++;
    const bare = line === 1 ? text.replace(/^\ufeff/, '') : text;
    if (bare.trim() === '') continue;
    yield { line, value: parsed(bare) };
  }
}

/** The entries of a file of JSON: a list, or an object with a list of messages. */
export function* entriesOf(path: string): Generator<Read> {
  const value = parsed(readFileSync(path, encodingOf(path)).replace(/^\ufeff/, ''));
  if (value === undefined) {
    yield { line: 1 };
    return;
  }
  const object = asObject(value);
  const list = object ? (object.messages ?? object.entries ?? object.transcript ?? [object]) : value;
  const { sessionId, session_id, id, cwd } = object ?? {};
  const shared = { sessionId: sessionId ?? session_id ?? id, cwd };
  let line = 0;
  for (const one of Array.isArray(list) ? (list as unknown[]) : [])
    yield { line: ++line, value: asObject(one) ? { ...shared, ...asObject(one) } : one };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
