import 'reflect-metadata';
import cluster from 'node:cluster';
import type { Server } from 'node:http';
import { createApplication, type Application } from '../application.js';
import { loadSettings } from '../core/config/load-settings.js';
import { lockForServer } from '../core/database/sqlite-files.js';
import { databaseUrls } from '../core/start/backends.js';
import { type FirstAdmin, FirstAdminMaker } from '../core/start/first-admin.js';
import { exitCodeOf, explain } from '../failure.js';
import { greet, introduce, suggest } from './greeting.js';
import { takingPort, tryPort } from './port.js';
import { onStop } from './signals.js';

const STOP_MS = 9_000;

/**
 * Starts the server, says how to use it, and stops it in good order on the first signal to stop. Inside of a worker of
 * `serveByWorkers` it is one of several on the same port, and the primary process greets.
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
    if (!cluster.isWorker) await takingPort(settings, tryPort);
    const first = await running.app.get(FirstAdminMaker).make();
    if (first) introduce(first);
    const fastify = running.app.getHttpAdapter().getInstance();
    // Not by Nest, which writes an error of its own to the log as well.
    await takingPort(settings, where => fastify.listen(where));
    stopOnSignals(running, unlock);
    tell((running.app.getHttpServer().address() as { port: number }).port, first);
  } catch (error) {
    process.stderr.write(`Opskeep cannot start: ${explain(error as Error)}\n`);
    process.exitCode = exitCodeOf(error as Error);
    await running?.app.close();
    await running?.opened.close();
    unlock?.();
    // Its channel to the primary process would keep it.
    if (cluster.isWorker) process.exit();
  }
}

function tell(port: number, first: FirstAdmin | undefined): void {
  if (!cluster.isWorker) greet(port);
  if (first) suggest(port, first);
}

function stopOnSignals(running: Application, unlock: () => void): void {
  // Node.js would end a worker whose primary process is gone in the middle of its requests.
  if (cluster.worker) cluster.worker.exitedAfterDisconnect = true;
  onStop(
    reason => void stop(running, reason).finally(unlock),
    () => process.exit(1),
  );
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
