import { surroundings } from '../environment.js';
import { asObject } from '../private-files.js';
import { type Work, workIn } from '../project/project.js';

/** What the host tells a hook on its standard input; nothing of it is sure to be there. */
export type Payload = Record<string, unknown>;

const MOST_BYTES = 32 * 1024 * 1024;

/** Everything that stands on the standard input; undefined when it is no object of JSON. */
export function readPayload(): Promise<Payload | undefined> {
  const parts: Buffer[] = [];
  let size = 0;
  return new Promise((resolve, reject) => {
    // What `readBounded` loads, and an iterator over the stream, would cost a prompt more than what it reads.
    process.stdin
      .on('data', (part: Buffer) => {
        parts.push(part);
        if ((size += part.length) > MOST_BYTES) resolve(void process.stdin.destroy());
      })
      .on('end', () => resolve(parsePayload(Buffer.concat(parts).toString('utf8'))))
      .on('error', reject);
  });
}

/** A byte order mark, as PowerShell writes it, is no part of the value. */
function parsePayload(text: string): Payload | undefined {
  try {
    return asObject(JSON.parse(text.replace(/^\ufeff/, '')));
  } catch {
    return undefined;
  }
}

/** A field that is a text with something in it. */
export function textOf(payload: Payload, name: string): string | undefined {
  const value = payload[name];
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/**
 * What a session works on: where it is, or where it began when it has gone into a folder that belongs to no repository
 * (CLAUDE_PROJECT_DIR, which the host sets for every hook).
 */
export function workOf(payload: Payload): Work & { folder: string } {
  const folder = textOf(payload, 'cwd') ?? process.cwd();
  const here = workIn(folder);
  const began = surroundings().variable('CLAUDE_PROJECT_DIR');
  if (here.repository || !began) return { folder, ...here };
  return { folder: began, ...workIn(began) };
}
