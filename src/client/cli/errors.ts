/** Exit codes of every command: 0 ok, 1 refused or failed, 2 wrong usage, 3 not found, 4 not reachable. */
export const EXIT = { ok: 0, failed: 1, usage: 2, missing: 3, away: 4 } as const;

/** What a command ends with; the message is for people, and holds no secret. */
export class ClientError extends Error {
  override readonly name = 'ClientError';

  constructor(
    message: string,
    readonly exitCode: number = EXIT.failed,
    readonly code = 'failed',
  ) {
    super(message);
  }
}

/** The command was called in a way that it does not understand; the message says how it is called. */
export class UsageError extends ClientError {
  constructor(message: string) {
    super(message, EXIT.usage, 'usage');
  }
}
