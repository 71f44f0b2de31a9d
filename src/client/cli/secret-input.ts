import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { UsageError } from './errors.js';

/** Everything on the standard input. */
export const readInput = () => text(process.stdin);

/**
 * A token from the place that `--token` names: `-` is the standard input, anything else a file. On the command line itself
 * every process of the machine could read it.
 *
 * @throws UsageError for what looks like a token, an unreadable file, and an empty one
 */
export async function readToken(place: string): Promise<string> {
  if (/^okt_/.test(place))
    throw new UsageError(
      '--token names a file, or - for the standard input: on the command line others can read a token.',
    );
  const token = (place === '-' ? await readInput() : readFile(place)).trim();
  if (token === '' || /\s/.test(token)) throw new UsageError('There is no token in what --token names.');
  return token;
}

function readFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(`The file that --token names cannot be read (${code ?? 'error'}).`);
  }
}

/** A line from the terminal without echo; undefined without a terminal. */
export async function askHidden(question: string): Promise<string | undefined> {
  return askOnTerminal(question, new Writable({ write: (_chunk, _encoding, done) => done() }));
}

/** A line from the terminal, seen while it is typed; undefined without a terminal. */
export const askShown = (question: string) => askOnTerminal(question, process.stderr);

async function askOnTerminal(question: string, echo: Writable): Promise<string | undefined> {
  if (!process.stdin.isTTY) return undefined;
  const lines = createInterface({ input: process.stdin, output: echo, terminal: true });
  process.stderr.write(question);
  try {
    return await new Promise<string>((resolve, reject) => {
      const interrupted = () => reject(new UsageError('Interrupted'));
      // The end of the input (Ctrl-D) comes without a line.
      lines.once('SIGINT', interrupted).once('close', interrupted);
      lines.question('', resolve);
    });
  } finally {
    lines.close();
    if (echo !== process.stderr) process.stderr.write('\n');
  }
}
