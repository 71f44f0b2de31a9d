import cluster from 'node:cluster';
import { pino, stdSerializers, type LoggerOptions } from 'pino';
import type { Settings } from '../config/settings.js';
import { currentContext } from './request-context.js';

/** pino under a name that can be injected. */
export class Logger {
  private constructor(readonly pino: pino.Logger) {}

  /**
   * Every line carries the request id and the actor's id, and, where several workers write into one log, the number of
   * the process; headers and bodies are never logged.
   */
  static create(
    settings: Pick<Settings, 'LOG_LEVEL' | 'LOG_FORMAT'>,
    destination?: pino.DestinationStream,
  ): Logger {
    const options: LoggerOptions = {
      level: settings.LOG_LEVEL,
      base: cluster.isWorker ? { pid: process.pid } : undefined,
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: safeError },
      mixin: () => {
        const context = currentContext();
        if (!context) return {};
        const { request_id, client_request_id, actor } = context;
        return { request_id, client_request_id, actor_id: actor?.id };
      },
    };
    if (destination) return new Logger(pino(options, destination));
    if (settings.LOG_FORMAT === 'json') return new Logger(pino(options));
    const transport = {
      target: 'pino-pretty',
      options: { translateTime: 'SYS:HH:MM:ss', ignore: 'hostname' },
    };
    return new Logger(pino({ ...options, transport }));
  }

  debug(data: object, message: string): void {
    this.pino.debug(data, message);
  }
  info(data: object, message: string): void {
    this.pino.info(data, message);
  }
  warn(data: object, message: string): void {
    this.pino.warn(data, message);
  }
  error(data: object, message: string): void {
    this.pino.error(data, message);
  }
}

/** Drivers put the whole statement, values included, on their errors: only type, code, message and stack are kept. */
export function safeError(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error };
  const { type, message: withCauses, stack } = stdSerializers.err(error);
  // What an error says of its cause need not be said again.
  const { cause } = error;
  const message =
    cause instanceof Error && error.message.includes(cause.message) ? error.message : withCauses;
  const code = (error as { code?: unknown }).code;
  return { type, message: withoutValues(message), code, stack: stack && withoutValues(stack) };
}

/** MariaDB quotes the offending value (`Duplicate entry '…' for key`, `Incorrect … value: '…'`). */
function withoutValues(text: string): string {
  return text.replace(/(entry|value:?) '(?:[^'\\]|\\.)*'/gi, "$1 '***'");
}
