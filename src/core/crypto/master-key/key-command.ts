import { spawn } from 'node:child_process';
import { programEnvironment } from '../../config/program-environment.js';
import { MasterKeyError } from './boot-errors.js';

/** Milliseconds for the command; a key service in another country answers within this. */
const LIMIT_MS = 20_000;
/** Bytes that it may print: many more than keys take. */
const MOST_BYTES = 16_384;
const NAME = 'API_KEY_MASTER_KEY_COMMAND';

/**
 * What the command prints. It is run without a shell and gets nothing to read; what it writes to stderr is thrown away,
 * because it may hold the key as well.
 *
 * @throws MasterKeyError which tells its exit code, and nothing of what it printed
 */
export function runKeyCommand([program = '', ...args]: string[], limit_ms = LIMIT_MS): Promise<string> {
  return new Promise((resolve, reject) => {
    const env = programEnvironment();
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'], env, windowsHide: true });
    const parts: Buffer[] = [];
    let size = 0;
    const end = (fault?: string) => {
      clearTimeout(late);
      child.stdout.destroy();
      if (child.exitCode === null) child.kill('SIGKILL');
      const text = Buffer.concat(parts).toString('utf8');
      for (const part of parts) part.fill(0);
      if (fault === undefined) resolve(text);
      else reject(new MasterKeyError(`${NAME}: ${program} ${fault}`));
    };
    const late = setTimeout(() => end(`did not end within ${limit_ms / 1000} seconds`), limit_ms);
    child.stdout.on('data', (part: Buffer) => {
      parts.push(part);
      size += part.length;
      if (size > MOST_BYTES) end(`printed more than ${MOST_BYTES} bytes, which is no key`);
    });
    child.once('error', (error: NodeJS.ErrnoException) =>
      end(`cannot be started (${error.code ?? 'error'})`),
    );
    child.once('close', (code, signal) => {
      if (code === 0) end();
      else end(code === null ? `was ended by ${signal}` : `has failed with exit code ${code}`);
    });
  });
}
