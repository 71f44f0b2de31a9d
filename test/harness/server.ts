import { type ChildProcess, spawn } from 'node:child_process';
import { request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildServer } from './build.js';
import type { FreshDatabase } from './database.js';
import { freePort } from './free-port.mjs';
import { isWhole } from './proof-size.js';
import type { AnswerBody } from './requests.js';

/** A whole proof may be run on a busy machine. */
const PATIENCE_MS = isWhole ? 600_000 : 50_000;
export const ADMIN_PASSWORD = 'CANARY correct horse battery 9';

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A server in a process of its own. */
export interface Server {
  url: string;
  port: number;
  /** Everything that it has printed, log and all. */
  output(): string;
  readonly pid: number;
  readonly exited: Promise<Exit>;
  signal(name: NodeJS.Signals): void;
  /** SIGKILL, unless it is gone; resolves when it is. */
  kill(): Promise<void>;
}

/** The environment of a server on these databases: nothing of the tests' own environment comes in. */
export function environmentOf(
  fresh: FreshDatabase,
  more: Record<string, string> = {},
): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    HOME: fresh.data,
    OPSKEEP_DATA: fresh.data,
    DATABASE_URL: fresh.url,
    KEYSTORE_DATABASE_URL: fresh.keystoreUrl,
    OPSKEEP_ADMIN_PASSWORD: ADMIN_PASSWORD,
    RATE_LIMIT_PER_MINUTE: '0',
    LOGIN_LIMIT_PER_MINUTE: '0',
    LOG_FORMAT: 'json',
    ...more,
  };
}

/** Starts the built server without waiting for it, in the data folder; detached, it leads a group of its own. */
export async function spawnServer(
  environment: Record<string, string>,
  entry = 'src/main.js',
  args: string[] = [],
  detached = false,
): Promise<Server> {
  const folder = await buildServer();
  const port = Number(environment.PORT ?? (await freePort()));
  const child: ChildProcess = spawn(process.execPath, [join(folder, entry), ...args], {
    cwd: environment.OPSKEEP_DATA,
    env: { ...environment, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
  // `close` and not `exit`: what it printed last is wanted too.
  const exited = new Promise<Exit>(done => child.once('close', (code, signal) => done({ code, signal })));
  const kill = async () => {
    child.kill('SIGKILL');
    await exited;
  };
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    pid: child.pid ?? 0,
    output: () => output,
    exited,
    signal: name => void child.kill(name),
    kill,
  };
}

/** Starts the built server and waits until it answers. */
export async function startServer(environment: Record<string, string>): Promise<Server> {
  const server = await spawnServer(environment);
  await untilReady(server);
  return server;
}

/** Waits until the server says that it listens; throws with its output when it ended or took too long. */
export async function untilReady(server: Server): Promise<void> {
  let ended = false;
  void server.exited.then(() => (ended = true));
  for (const deadline = Date.now() + PATIENCE_MS; ; await sleep(20)) {
    if (server.output().includes('Opskeep listens on')) return;
    if (!ended && Date.now() < deadline) continue;
    await server.kill();
    throw new Error(`The server did not start:\n${server.output().slice(-3000)}`);
  }
}

/** Runs a server that is expected to end by itself. */
export async function runServer(environment: Record<string, string>): Promise<Exit & { output: string }> {
  const server = await spawnServer(environment);
  const late = setTimeout(() => void server.kill(), PATIENCE_MS);
  const exit = await server.exited;
  clearTimeout(late);
  return { ...exit, output: server.output() };
}

export interface Answered {
  status: number;
  headers: Headers;
  body: AnswerBody;
}

/** One request over a socket; a connection that breaks is an error. */
export async function call(
  server: Pick<Server, 'url'>,
  method: string,
  path: string,
  { token, body, headers = {} }: { token?: string; body?: unknown; headers?: Record<string, string> } = {},
): Promise<Answered> {
  const answer = await fetch(`${server.url}${path}`, {
    method,
    headers: {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await answer.text();
  return {
    status: answer.status,
    headers: answer.headers,
    body: (text ? JSON.parse(text) : {}) as AnswerBody,
  };
}

/** The first administrator's log-in, with whose request the server has begun; its status comes later. */
export async function beginLogIn(server: Pick<Server, 'url'>): Promise<{ status: Promise<number> }> {
  const sent = request(`${server.url}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', expect: '100-continue' },
  });
  const status = new Promise<number>((resolve, reject) => {
    sent.once('response', answer => answer.once('end', () => resolve(answer.statusCode ?? 0)).resume());
    sent.once('error', reject);
  });
  const begun = new Promise<void>(resolve => sent.once('continue', resolve));
  sent.flushHeaders();
  await Promise.race([begun, status]);
  sent.end(JSON.stringify({ email: 'admin@localhost', password: ADMIN_PASSWORD }));
  return { status };
}

/** Logs the first administrator in; answers with the access token. */
export async function logIn(server: Pick<Server, 'url'>): Promise<string> {
  const answer = await call(server, 'POST', '/api/auth/login', {
    body: { email: 'admin@localhost', password: ADMIN_PASSWORD },
  });
  if (answer.status !== 200) throw new Error(`The log-in was answered with ${answer.status}`);
  return answer.body.access_token;
}
