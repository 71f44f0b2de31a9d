import 'reflect-metadata';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { createServer, type ListenOptions } from 'node:net';
import { createApplication, type Application } from './application.js';
import { exitCodeOf, explain } from './failure.js';
import { loadSettings } from './core/config/load-settings.js';
import type { AppSettings } from './core/config/settings.js';
import { lockForServer } from './core/database/sqlite-files.js';
import { databaseUrls } from './core/start/backends.js';
import { type FirstAdmin, FirstAdminMaker } from './core/start/first-admin.js';

const STOP_MS = 9_000;

/**
 * Starts the server, says how to use it, and stops it in good order on the first signal to stop.
 *
 * @param loaded called when everything is loaded, before it listens
 */
export async function serve(loaded?: () => void): Promise<void> {
  let running: Application | undefined;
  let unlock: (() => void) | undefined;
  try {
    const { settings } = loadSettings();
    unlock = lockForServer(databaseUrls(settings));
    running = await createApplication(settings);
    loaded?.();
    // First of all: a password that was made for a start that fails would be lost.
    await takingPort(settings, tryPort);
    const first = await running.app.get(FirstAdminMaker).make();
    if (first) introduce(first);
    const fastify = running.app.getHttpAdapter().getInstance();
    // Not by Nest, which writes an error of its own to the log as well.
    await takingPort(settings, where => fastify.listen(where));
    stopOnSignals(running, unlock);
    greet((running.app.getHttpServer().address() as { port: number }).port, first);
  } catch (error) {
    process.stderr.write(`Opskeep cannot start: ${explain(error as Error)}\n`);
    process.exitCode = exitCodeOf(error as Error);
    await running?.app.close();
    await running?.opened.close();
    unlock?.();
  }
}

/**
 * One stop may come as several signals: from the terminal to the whole group, and from npm or systemd once more. Where
 * `scripts/start.mjs` runs the server, it stops when that is gone, too, even by a signal that it could not pass on.
 */
function stopOnSignals(running: Application, unlock: () => void): void {
  let stopping = false;
  const stopFor = (reason: string) => {
    if (stopping) return;
    stopping = true;
    void stop(running, reason).finally(unlock);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopFor(signal));
  if (!process.send) return;
  process.once('disconnect', () => stopFor('end of the parent'));
  if (!process.connected) stopFor('end of the parent');
}

/** Whether it could be listened on; nobody is answered meanwhile. */
async function tryPort(where: ListenOptions): Promise<void> {
  const tried = createServer();
  await once(tried.listen(where), 'listening');
  tried.close();
  await once(tried, 'close');
}

async function takingPort(
  { PORT, HOST }: AppSettings,
  take: (where: ListenOptions) => Promise<unknown>,
): Promise<void> {
  try {
    await take({ port: PORT, host: HOST });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE')
      throw new Error(
        `Port ${PORT} of ${HOST} is in use by another program: set another one, for example PORT=8001`,
      );
    if (code === 'EACCES' || code === 'EADDRNOTAVAIL')
      throw new Error(`It may not listen on port ${PORT} of ${HOST} (${code}): set PORT and HOST`);
    throw error;
  }
}

/** Requests in flight are finished, databases closed; after nine seconds nobody is waited for. */
async function stop({ app, opened }: Application, signal: string): Promise<void> {
  opened.logger.info({ signal }, 'stopping');
  const late = setTimeout(() => process.exit(0), STOP_MS);
  // A connection that was answering when the stop began is idle later, and would be kept open by its client.
  const server = app.getHttpServer() as unknown as Server;
  const idle = setInterval(() => server.closeIdleConnections(), 50);
  try {
    await app.close();
    await opened.close();
    opened.logger.info({}, 'stopped');
  } catch (error) {
    opened.logger.error({ err: error }, 'the stop was not clean');
    process.exitCode = 1;
  }
  clearInterval(idle);
  clearTimeout(late);
  setTimeout(() => process.exit(), 200).unref();
}

const say = (line = '') => process.stdout.write(`${line}\n`);
/** For a POSIX shell. */
const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
const passwordOf = (first: FirstAdmin) => first.password ?? '<OPSKEEP_ADMIN_PASSWORD>';

function introduce(first: FirstAdmin): void {
  say('First administrator, shown this once:');
  say(`  email     ${first.email}`);
  say(`  password  ${passwordOf(first)}`);
  say();
}

function greet(port: number, first: FirstAdmin | undefined): void {
  const local = `http://localhost:${port}`;
  say(`Opskeep listens on ${local} (docs: ${local}/api/docs)`);
  if (!first) return;
  say();
  say('Try it:');
  say(
    `  curl -s ${local}/api/auth/login -H 'content-type: application/json' ` +
      `-d ${quoted(JSON.stringify({ email: first.email, password: passwordOf(first) }))}`,
  );
}
