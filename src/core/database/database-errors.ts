/** The one file that knows the drivers' error codes (SQLite result codes; MariaDB error numbers). */
interface DriverError {
  code?: string;
  errno?: number;
  message?: string;
  fatal?: boolean;
}

const LOST = new Set([
  'ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENOENT',
  'PROTOCOL_CONNECTION_LOST', 'PROTOCOL_SEQUENCE_TIMEOUT', 'POOL_CLOSED', 'ER_SERVER_SHUTDOWN',
  'ER_CON_COUNT_ERROR', 'ER_TOO_MANY_USER_CONNECTIONS', 'ER_ACCESS_DENIED_ERROR', 'ER_DISK_FULL', 'ER_RECORD_FILE_FULL',
  'ER_OPTION_PREVENTS_STATEMENT', 'ER_CONNECTION_KILLED', 'ER_QUERY_INTERRUPTED', 'ER_BAD_DB_ERROR', 'ER_DBACCESS_DENIED_ERROR', 'ER_UNKNOWN_COM_ERROR',
]); // prettier-ignore
/** Who may not log in: the account is locked, its host blocked or not let in, its password expired. MariaDB names some in its own way. */
const LOST_ERRNO = new Set([4151, 1129, 1130, 1698, 1862]);
const LOST_MESSAGE = /closed state|connection is not open|Pool is closed|Can't add new command/i;
const RETRY_ERRNO = new Set([1213, 1205, 1020]);
/** So a function or a procedure may be, too, which is not there in the next attempt, either. */
const NOT_THERE = 1305;
/** The rest of the message is in the language of the server. */
const SAVEPOINT_GONE = /^SAVEPOINT /;
const UNIQUE_SQLITE = /UNIQUE constraint failed: (.+)$/;
const UNIQUE_MARIADB = /for key '(?:[^'.]+\.)?([^']+)'/;

/** By shape: errors of native code are of another realm under a test runner. TypeORM wraps the driver's. */
function of(error: unknown): DriverError {
  if (typeof error !== 'object' || error === null) return {};
  return (error as { driverError?: DriverError }).driverError ?? (error as DriverError);
}

/** Another process holds SQLite's write lock. */
export function isBusy(error: unknown): boolean {
  return /^SQLITE_(BUSY|LOCKED)/.test(of(error).code ?? '');
}

/**
 * Deadlock, lock wait time-out, a record changed under us, or a savepoint that went with its transaction (MariaDB 1213,
 * 1205, 1020, 1305): the unit runs anew.
 */
export function isRetryable(error: unknown): boolean {
  const { errno = 0, message = '' } = of(error);
  return RETRY_ERRNO.has(errno) || (errno === NOT_THERE && SAVEPOINT_GONE.test(message));
}

export function isConnectionLost(error: unknown): boolean {
  const { code, errno, message } = of(error);
  return (
    LOST.has(code ?? '') ||
    LOST_ERRNO.has(errno ?? 0) ||
    (code === undefined && LOST_MESSAGE.test(message ?? ''))
  );
}

/** A statement that did not end in time; the server may still be at it. */
export function isTimeout(error: unknown): boolean {
  return of(error).code === 'PROTOCOL_SEQUENCE_TIMEOUT';
}

const FULL = new Set(['SQLITE_FULL', 'ENOSPC', 'ER_DISK_FULL', 'ER_RECORD_FILE_FULL']);

/** A file or the database had no room for what was to be written; also as the cause of an error. */
export function isDiskFull(error: unknown): boolean {
  const { cause } = (error ?? {}) as { cause?: unknown };
  return FULL.has(of(error).code ?? '') || (cause !== undefined && cause !== error && isDiskFull(cause));
}

/** The database cannot serve now: away, shutting down, full, read-only, or unreadable. */
export function isUnavailable(error: unknown): boolean {
  return (
    isConnectionLost(error) ||
    isRetryable(error) ||
    isBusy(error) ||
    /^SQLITE_(FULL|IOERR|CANTOPEN|READONLY|CORRUPT|NOTADB|NOMEM)/.test(of(error).code ?? '') ||
    /database connection is not open/.test(of(error).message ?? '')
  );
}

/** A violated uniqueness: the columns (SQLite) or the name of the index (MariaDB); undefined for other errors. */
export function duplicateOf(error: unknown): { columns?: string[]; index?: string } | undefined {
  const { code, errno, message } = of(error);
  if (errno === 1062) return { index: UNIQUE_MARIADB.exec(message ?? '')?.[1] };
  if (code === 'SQLITE_CONSTRAINT_UNIQUE' || code === 'SQLITE_CONSTRAINT_PRIMARYKEY')
    return {
      columns: UNIQUE_SQLITE.exec(message ?? '')?.[1]
        ?.split(', ')
        .map(name => name.replace(/^.*\./, '')),
    };
  return undefined;
}

/** A row that is still referenced (R), or a reference to a row that went meanwhile. */
export function isForeignKey(error: unknown): boolean {
  const { code, errno } = of(error);
  return (
    errno === 1451 ||
    errno === 1452 ||
    code === 'SQLITE_CONSTRAINT_FOREIGNKEY' ||
    code === 'SQLITE_CONSTRAINT_TRIGGER'
  );
}

/** A trigger of the journal refused (SQLSTATE 45000; SQLite RAISE(ABORT)). */
export function isRefusedByTrigger(error: unknown): boolean {
  const { code, errno } = of(error);
  return errno === 1644 || code === 'SQLITE_CONSTRAINT_TRIGGER';
}
