import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { readBoundedText, STANDARD_INPUT } from '../../formats/bounded-input.js';
import { UsageError } from './errors.js';

/** The text on the standard input. @throws InputFault */
export const readInput = () => readBoundedText(STANDARD_INPUT, '');

/**
 * A token from the place that `--token` names: `-` is the standard input, anything else a file. On the command line itself
 * every process of the machine could read it.
 *
 * @throws UsageError for what looks like a token and an empty file, InputFault for an unreadable one
 */
export async function readToken(place: string): Promise<string> {
  if (/^okt_/.test(place))
    throw new UsageError(
      '--token names a file, or - for the standard input: on the command line others can read a token.',
    );
  const token = (await readBoundedText(place, 'The file that --token names')).trim();
  if (token === '' || /\s/.test(token)) throw new UsageError('There is no token in what --token names.');
  return token;
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
