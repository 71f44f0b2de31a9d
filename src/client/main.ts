import { runMain } from './cli/run.js';
import { ROOT } from './commands.js';

/** Runs the command that the arguments name. */
export const main = (argv: string[]) => runMain(ROOT, argv);
