import type { Call } from '../cli/command.js';
import { ClientError, UsageError } from '../cli/errors.js';
import { print, printNotice, writeAtOnce } from '../cli/output.js';
import { findCredential } from './find-credentials.js';
import { askWithGrounds, groundsOf, namedIn } from './grounds.js';
import { missing } from '../naming/query.js';
import { revealCredentials, valueOf } from './reveal.js';

/** What would command a terminal; a key in PEM has lines, which it may. */
const COMMANDS = /[^\P{Cc}\n\t\r]/gu;

/** Prints one value of a credential alone, as it is; with `--full` as JSON with what is said of it. */
export async function get(call: Call): Promise<void> {
  const field = call.value('field');
  const isFull = call.flag('full') || call.json;
  if (field !== undefined && isFull) throw new UsageError('--field has no meaning beside --full and --json.');
  const [revealed] = await revealCredentials(
    [{ ...namedIn(call), field: call.value('field'), archived: call.flag('archived') }],
    await groundsOf(call),
  );
  if (!revealed || revealed instanceof ClientError) throw revealed ?? missing('There is no such credential');
  if (isFull) return print(true, revealed, () => '');
  const value = valueOf(revealed, field);
  if (value instanceof ClientError) throw value;
  const isShown = process.stdout.isTTY && COMMANDS.test(value);
  if (isShown) printNotice('It holds characters that command terminals: they are shown as \ufffd.');
  writeAtOnce(`${isShown ? value.replace(COMMANDS, '\ufffd') : value}\n`);
}

interface Code {
  code: string;
  remaining_seconds: number;
}

/** Prints a one-time code of a credential. */
export async function otp(call: Call): Promise<void> {
  const grounds = await groundsOf(call);
  const { id } = await findCredential(namedIn(call));
  const answer = await askWithGrounds<Code>({ path: `/credentials/${id}/otp` }, grounds);
  if (call.json) return print(true, answer, () => '');
  if (process.stdout.isTTY) printNotice(`Good for ${answer.remaining_seconds} s:`);
  print(false, null, () => answer.code);
}
