import { ProgramFault, runProgram } from '../../config/run-program.js';
import { MasterKeyError } from './boot-errors.js';

/** Milliseconds for the command; a key service in another country answers within this. */
const LIMIT_MS = 20_000;
/** Bytes that it may print: many more than keys take. */
const MOST_BYTES = 16_384;

/**
 * What the command prints. It gets nothing to read.
 *
 * @throws MasterKeyError which tells its exit code, and nothing of what it printed
 */
export async function runKeyCommand(command: string[], limit = LIMIT_MS): Promise<string> {
  try {
    const printed = await runProgram(command, { limit, most: MOST_BYTES });
    const text = printed.toString('utf8');
    printed.fill(0);
    return text;
  } catch (error) {
    if (!(error instanceof ProgramFault)) throw error;
    throw new MasterKeyError(`API_KEY_MASTER_KEY_COMMAND: ${error.message}`);
  }
}
