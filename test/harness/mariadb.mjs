import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, openSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import mysql from 'mysql2/promise';
import { freePort } from './free-port.mjs';
import { forget, guard } from './guard.mjs';
import { asOwner, install, leashed, program } from './mariadb-programs.mjs';

const STARTUP_MS = 60_000;
const SHUTDOWN_MS = 20_000;
const SOCKET_LIMIT = 107;

async function makeFolder() {
  const name = 'opskeep-mariadb-';
  const long = join(tmpdir(), `${name}XXXXXX`, 's.sock').length >= SOCKET_LIMIT;
  return mkdtemp(join(long ? '/tmp' : tmpdir(), name));
}

function launch(server) {
  const own = [
    '--no-defaults',
    `--datadir=${server.datadir}`,
    `--socket=${server.socket}`,
    `--port=${server.port}`,
    '--bind-address=127.0.0.1',
    `--pid-file=${join(server.folder, 'pid')}`,
    `--tmpdir=${join(server.folder, 'tmp')}`,
    '--skip-name-resolve',
    '--skip-log-bin',
    '--character-set-server=utf8mb4',
    '--collation-server=utf8mb4_general_ci',
    '--innodb-flush-log-at-trx-commit=1',
    ...asOwner(),
  ];
  const log = openSync(server.log, 'a', 0o600);
  const init = existsSync(server.initFile) ? [`--init-file=${server.initFile}`] : [];
  const first = server.child ? [] : server.firstArgs;
  const child = spawn(...leashed(program('mariadbd'), [...own, ...init, ...server.args, ...first]), {
    env: server.env,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  server.exited = new Promise(resolve => {
    child.once('exit', resolve);
    child.once('error', resolve);
  });
  server.child = child;
  guard(server.folder, child);
}

function running({ child }) {
  return child?.pid !== undefined && child.exitCode === null && child.signalCode === null;
}

async function untilAnswers(server) {
  const deadline = Date.now() + STARTUP_MS;
  for (;;) {
    try {
      const connection = await mysql.createConnection(server.url('mysql'));
      return await connection.end();
    } catch (error) {
      if (running(server) && Date.now() < deadline) {
        await sleep(50);
        continue;
      }
      const log = await readFile(server.log, 'utf8').catch(() => '(no log)');
      throw new Error(`MariaDB did not come up. Its log ends with:\n${log.slice(-2000)}`, { cause: error });
    }
  }
}

async function signal(server, name, patience = SHUTDOWN_MS) {
  if (!running(server)) return;
  server.child.kill(name);
  await Promise.race([server.exited, sleep(patience, undefined, { ref: false })]);
  if (running(server)) {
    server.child.kill('SIGKILL');
    await server.exited;
  }
}

async function start(server) {
  if (running(server)) throw new Error('MariaDB is already running.');
  launch(server);
  await untilAnswers(server);
}

async function stop(server) {
  await signal(server, 'SIGTERM');
  await rm(server.folder, { recursive: true, force: true });
  forget(server.folder);
}

/** See mariadb.d.mts, which documents this module for its users. */
export async function startMariaDb({ args = [], firstArgs = [], env = process.env, like } = {}) {
  program('mariadbd');
  const [port, password] = [await freePort(), like?.password ?? randomBytes(12).toString('hex')];
  const folder = await makeFolder();
  const at = name => join(folder, name);
  const server = {
    folder,
    port,
    password,
    args,
    firstArgs,
    env,
    datadir: at('data'),
    socket: at('s.sock'),
    log: at('log'),
  };
  server.initFile = at('init.sql');
  server.url = database => `mysql://root:${password}@127.0.0.1:${port}/${database}`;
  guard(folder);
  try {
    await mkdir(at('tmp'));
    if (like) await cp(like.datadir, server.datadir, { recursive: true });
    else await install(server);
    await start(server);
  } catch (error) {
    await stop(server);
    throw error;
  }
  return {
    port,
    socket: server.socket,
    get pid() {
      return server.child.pid;
    },
    url: server.url,
    datadir: server.datadir,
    password,
    end: () => signal(server, 'SIGTERM'),
    stop: () => stop(server),
    kill: () => signal(server, 'SIGKILL'),
    restart: async () => {
      await signal(server, 'SIGTERM');
      await start(server);
    },
  };
}
