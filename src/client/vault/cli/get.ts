import type { Call } from '../../cli/command.js';
import { print, printNotice, writeAtOnce } from '../../cli/output.js';
import { openedVault } from './opened.js';

/** Prints a value alone, as it is; with `--full` as JSON with what is said of it. */
export async function get(call: Call): Promise<void> {
  const credential = await openedVault().getFull(call.args[0] ?? '');
  const { expires_at, value } = credential;
  if (expires_at !== null && Date.parse(expires_at) < Date.now())
    printNotice(`It has expired (${expires_at}).`);
  if (call.flag('full') || call.json) print(true, credential, () => '');
  else writeAtOnce(`${value}\n`);
}
