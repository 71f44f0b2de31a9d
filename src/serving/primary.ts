import cluster from 'node:cluster';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { loadSettings } from '../core/config/load-settings.js';
import { Logger } from '../core/context/logger.js';
import { dialectOf } from '../core/database/database.js';
import { answerForAll } from '../core/metrics/cluster-metrics.js';
import { UsageError } from '../failure.js';
import { greet } from './greeting.js';
import { takingPort, tryPort } from './port.js';
import { onStop } from './signals.js';
import { WorkerProcesses } from './worker-processes.js';

/** What a worker runs: a server of its own, as `npm start` does. */
const SERVER = fileURLToPath(new URL('./main.js', import.meta.url));
/** A second more than a worker takes at most. */
const STOP_MS = 10_000;

/**
 * Starts so many servers on one port, keeps them, and stops them together. This process hands connections on, and has no
 * database and no key. The first worker starts alone: it migrates, and makes the first administrator.
 *
 * @throws UsageError on SQLite; Error when the port cannot be had
 */
export async function serveByWorkers(count: number): Promise<void> {
  const { settings } = loadSettings();
  if (dialectOf(settings.DATABASE_URL.reveal()) === 'sqlite')
    throw new UsageError(
      'SQLite has one writer: --workers needs a DATABASE_URL of MariaDB, mysql://user:password@host:port/name.',
    );
  await takingPort(settings, tryPort);
  const logger = Logger.create(settings);
  cluster.setupPrimary({ exec: SERVER, args: [] });
  answerForAll();
  const workers = new WorkerProcesses(
    () => cluster.fork(),
    logger,
    code => end(code),
  );
  let isStopping = false;
  const end = (code: number) => {
    process.exitCode = code;
    if (isStopping) return;
    isStopping = true;
    const late = setTimeout(() => workers.kill(), STOP_MS);
    void workers.stop().then(clean => {
      clearTimeout(late);
      if (!clean) process.exitCode ||= 1;
      logger.info({}, 'all workers have stopped');
      setTimeout(() => process.exit(), 200).unref();
    });
  };
  onStop(
    signal => {
      logger.info({ signal }, 'stopping all workers');
      end(0);
    },
    () => {
      workers.kill();
      process.exit(1);
    },
  );
  const listening = once(cluster, 'listening') as Promise<[unknown, AddressInfo]>;
  if (!(await workers.start(count))) return;
  const [, { port }] = await listening;
  greet(port);
  logger.info({ workers: count }, 'all workers listen');
}
