import 'reflect-metadata';
import { CommandFactory } from 'nest-commander';
import { CommandsModule } from './commands.module.js';
import { exitCodeOf, explain } from '../failure.js';
import { programVersion } from '../core/config/version.js';

function fail(error: Error): void {
  process.exitCode = exitCodeOf(error);
  const text = explain(error);
  if (text) process.stderr.write(`${text}\n`);
}

/**
 * Runs the command that the arguments name. Exit codes: 0 ok, 1 refused or failed, 2 wrong usage, 3 not found,
 * 4 not reachable. The commands start without the application; each opens what it needs.
 */
export async function runCommandLine(): Promise<void> {
  // A reader that has seen enough (`| head`) is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  try {
    await CommandFactory.run(CommandsModule, {
      logger: false,
      serviceErrorHandler: fail,
      version: programVersion(),
    });
  } catch (error) {
    fail(error as Error);
  }
}
