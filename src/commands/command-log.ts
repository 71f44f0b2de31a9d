import type { AppSettings } from '../core/config/settings.js';
import { Logger } from '../core/context/logger.js';

interface Line {
  level: number;
  msg: string;
  err?: { message: string };
}

const WARNING = 40;

/** The log of a command: warnings and errors as plain lines on stderr; with LOG_LEVEL=debug everything, as JSON. */
export function commandLog(settings: AppSettings): Logger {
  const quiet = settings.LOG_LEVEL === 'info';
  const write = (text: string) => {
    if (!quiet) return void process.stderr.write(text);
    const { level, msg, err } = JSON.parse(text) as Line;
    const kind = level > WARNING ? 'error' : 'warning';
    process.stderr.write(`${kind}: ${msg}${err ? ` (${err.message})` : ''}\n`);
  };
  return Logger.create({ LOG_LEVEL: quiet ? 'warn' : settings.LOG_LEVEL, LOG_FORMAT: 'json' }, { write });
}
