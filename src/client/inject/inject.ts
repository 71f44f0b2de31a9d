import { realpathSync, statSync } from 'node:fs';
import { readBoundedText, STANDARD_INPUT } from '../../formats/bounded-input.js';
import type { Call } from '../cli/command.js';
import { ClientError, UsageError } from '../cli/errors.js';
import { print, printNotice, stdout } from '../cli/output.js';
import { groundsOf } from '../credential/grounds.js';
import { writeWhole } from '../private-files.js';
import { referencesInFile, withValues } from '../references/references-in.js';
import { resolveReferences } from '../references/resolve.js';

const MOST_OF_TEMPLATE = 16 << 20;
/** Writing over the template would leave no reference for the next time. */
function requireOther(template: string, out: string): void {
  if ([template, out].includes(STANDARD_INPUT)) return;
  try {
    if (realpathSync(template) !== realpathSync(out)) return;
  } catch {
    return;
  }
  throw new UsageError('--out names the template itself.');
}

function write(path: string, text: string): void {
  try {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory())
      throw Object.assign(new Error(), { code: 'EISDIR' });
    writeWhole(path, text);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ClientError(`${path} cannot be written, and is as it was (${code ?? 'error'})`);
  }
}

/** Writes a template with the secrets that its references name. */
export async function inject(call: Call): Promise<void> {
  const template = call.value('in') ?? STANDARD_INPUT;
  const out = call.value('out') ?? STANDARD_INPUT;
  if (call.value('out') === undefined && process.stdout.isTTY)
    throw new UsageError('This would show secrets on the terminal: --out names a file for them, or -.');
  requireOther(template, out);
  const text = await readBoundedText(template, 'The file that --in names', MOST_OF_TEMPLATE);
  const places = referencesInFile(text);
  let [line, counted] = [1, 0];
  const asked = places.map(({ from, reference }) => {
    line += text.slice(counted, from).split('\n').length - 1;
    counted = from;
    return { reference, where: `line ${line}` };
  });
  const grounds = await groundsOf(call);
  const values = asked.length > 0 ? await resolveReferences(asked, grounds) : new Map<string, string>();
  const whole = withValues(text, places, reference => values.get(reference) ?? '');
  if (out === STANDARD_INPUT) {
    stdout().write(whole);
    return;
  }
  write(out, whole);
  if (asked.length === 0) printNotice('The template has no reference.');
  const count = values.size;
  print(
    call.json,
    { file: out, references: count },
    () => `Wrote ${out}, with ${count} secret${count === 1 ? '' : 's'}.`,
  );
}
