import { isAllWritten } from '../cli/output.js';
import { runMain } from '../cli/run.js';
import { VAULT } from './commands.js';

/** Runs a command of the vault, `vault get NAME`; true when the process has nothing more to wait for. */
export async function main(argv: string[]): Promise<boolean> {
  await runMain({ name: 'opskeep', about: '', commands: [VAULT] }, argv);
  return isAllWritten();
}
