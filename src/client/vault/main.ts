import { runMain } from '../cli/run.js';
import { VAULT } from './commands.js';

/** Runs a command of the vault: `vault get NAME`. */
export const main = (argv: string[]) => runMain({ name: 'opskeep', about: '', commands: [VAULT] }, argv);
