import { parseEnv } from 'node:util';
import { decodeUtf8 } from '../../formats/utf8.js';
import { UsageError } from '../cli/errors.js';
import { printNotice } from '../cli/output.js';
import { readFileBytes } from '../read-file.js';
import { isAboutLoading } from './own-keys.js';

const MOST_OF_FILE = 4 << 20;
const QUOTED = /^\s*(?:export\s+)?([\w.-]+)[ \t]*=[ \t]*(["'`])/;

function textOf(file: string): string {
  const bytes = readFileBytes(file, { most: MOST_OF_FILE });
  if (!bytes)
    throw new UsageError(
      `${file} cannot be read: --env-file names a file of at most 4 MiB, of lines NAME=value.`,
    );
  try {
    return decodeUtf8(bytes).replace(/^\ufeff/, '');
  } catch {
    throw new UsageError(`${file} is not UTF-8 text.`);
  }
}

/** A quote that ends is no part of the value; one that does not may have taken the lines behind it, or none. */
function requireEnds(file: string, text: string, variables: NodeJS.Dict<string>): void {
  for (const line of text.split(/\r\n|\n|\r/)) {
    const [, name = '', quote = ''] = QUOTED.exec(line) ?? [];
    if (quote !== '' && variables[name]?.startsWith(quote))
      throw new UsageError(`${file}: the quote of ${name} does not end.`);
  }
}

/**
 * The variables of a file of `NAME=value`. Whoever wrote it does not decide which program runs, or what that loads.
 *
 * @throws UsageError for a file that cannot be read, or has a quote that does not end
 */
export function variablesIn(file: string): [name: string, value: string][] {
  const text = textOf(file);
  const variables = parseEnv(text);
  requireEnds(file, text, variables);
  return Object.entries(variables)
    .filter(([name]) => {
      if (isAboutLoading(name))
        printNotice(
          `${name} of ${file} is left out: it decides what programs load. Set it in the environment.`,
        );
      return !isAboutLoading(name);
    })
    .map(([name, value = '']) => [name, value]);
}
