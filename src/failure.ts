import { SettingsError } from './core/config/load-settings.js';
import { showsStacks } from './core/config/shows-stacks.js';
import { isDiskFull, isUnavailable } from './core/database/database-errors.js';
import { NotFoundError, UnavailableError, ValidationError } from './core/context/errors.js';
import { safeError } from './core/context/logger.js';
import { InputFault } from './formats/bounded-input.js';

/** The command was called in a way that it does not understand; the message says how it is called. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Something was found to be wrong and has been told: only the exit code is left to say. */
export class FoundFaults extends Error {
  override readonly name = 'FoundFaults';
}

/** Errors of commander itself have told what is wrong; their code 0 is a help that was asked for. */
function commanderExit(error: Error): number | undefined {
  const { code, exitCode } = error as Error & { code?: unknown; exitCode?: number };
  return typeof code === 'string' && code.startsWith('commander.') ? exitCode : undefined;
}

/** 1 refused or failed, 2 wrong usage, 3 not found, 4 not reachable. */
export function exitCodeOf(error: Error): number {
  const shown = commanderExit(error);
  if (shown !== undefined) return shown === 0 ? 0 : 2;
  if (error instanceof UsageError || error instanceof InputFault) return 2;
  if (error instanceof NotFoundError) return 3;
  return isAway(error) ? 4 : 1;
}

function isAway(error: Error): boolean {
  return error instanceof UnavailableError || isUnavailable(error);
}

/** What went wrong in words; nothing when it has been told. The stack comes along with LOG_LEVEL=debug. */
export function explain(error: Error): string | undefined {
  if (commanderExit(error) !== undefined || error instanceof FoundFaults) return undefined;
  const { stack } = safeError(error) as { stack?: string };
  return showsStacks() && stack ? `${wordsOf(error)}\n${stack}` : wordsOf(error);
}

/** What went wrong in words, without the stack. */
export function wordsOf(error: Error): string {
  if (error instanceof SettingsError) return error.message;
  if (error instanceof ValidationError) {
    const faults = error.details.errors ?? [];
    return ['Refused:', ...faults.map(one => `  ${one.field}: ${one.message}`)].join('\n');
  }
  if (isDiskFull(error)) return 'The disk is full: make room.';
  const { message } = safeError(error) as { message: string };
  if (!isAway(error)) return message;
  const cause = error.cause instanceof Error ? error.cause : error;
  const { code } = cause as NodeJS.ErrnoException;
  return `The database is not reachable: ${cause.message || code || message}. Check DATABASE_URL and KEYSTORE_DATABASE_URL.`;
}
