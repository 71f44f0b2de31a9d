import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { UsageError } from '../failure.js';
import { readBoundedText, STANDARD_INPUT } from '../formats/bounded-input.js';
import { printNotice } from './output.js';

/** Where a secret comes from; `insecure` is the secret itself, as it stood on the command line. */
export interface SecretSource {
  stdin?: boolean;
  prompt?: boolean;
  file?: string;
  insecure?: string;
}

/**
 * Reads a secret from the one place that is named, without the line's end; undefined when none is.
 *
 * @throws InputFault for an unreadable place, UsageError for several places, a prompt without a terminal, an empty secret
 */
export async function readSecret(what: string, source: SecretSource): Promise<string | undefined> {
  const given = Object.values(source).filter(value => value !== undefined && value !== false);
  if (given.length === 0) return undefined;
  if (given.length > 1) throw new UsageError(`The ${what} can come from one place only`);
  const secret = (await readFrom(what, source)).replace(/\r?\n$/, '');
  if (secret === '') throw new UsageError(`The ${what} is empty`);
  return secret;
}

async function readFrom(what: string, { stdin, file, insecure }: SecretSource): Promise<string> {
  const place = stdin ? STANDARD_INPUT : file;
  if (place !== undefined) return readBoundedText(place, `The file of the ${what}`);
  if (insecure === undefined) return askTwice(what);
  printNotice(
    `warning: the ${what} was on the command line, where every process of this machine can read it`,
  );
  return insecure;
}

async function askTwice(what: string): Promise<string> {
  if (!process.stdin.isTTY) throw new UsageError(`There is no terminal to ask for the ${what}`);
  const secret = await ask(`New ${what}: `);
  if (secret !== (await ask(`The same again: `))) throw new UsageError('The two are not the same');
  return secret;
}

/** A line from the terminal without echo. */
function ask(question: string): Promise<string> {
  const nothing = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: nothing, terminal: true });
  process.stderr.write(question);
  return new Promise((resolve, reject) => {
    lines.once('SIGINT', () => reject(new UsageError('Interrupted')));
    lines.once('close', () => reject(new UsageError('Interrupted')));
    lines.question('', answer => {
      resolve(answer);
      lines.close();
    });
  }).finally(() => {
    lines.close();
    process.stderr.write('\n');
  }) as Promise<string>;
}
