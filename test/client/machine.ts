import { execFile, type ExecFileException } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { serverFolder } from '../../src/client/server-folder.js';
import type { TestApp } from '../app.js';

// Inside of the project: the program looks for its package.json above itself.
const BUILD = join(process.cwd(), 'test-output', `client-${process.env.JEST_WORKER_ID ?? '0'}`);

let built: Promise<string> | undefined;

/** Builds what runs on a user's machine, once; answers with its folder. */
export function buildClient(): Promise<string> {
  const args = ['scripts/build-client.mjs', BUILD];
  return (built ??= promisify(execFile)(process.execPath, args).then(() => join(BUILD, 'src')));
}

/** What a process left behind. */
export interface Left {
  code: number;
  stdout: string;
  stderr: string;
  /** stdout as JSON. */
  json<T = Record<string, unknown>>(): T;
}

/** A computer of a user, with a home and a folder to work in. */
export interface Machine {
  home: string;
  /** The folder of the work. */
  work: string;
  state: string;
  config: string;
  environment: Record<string, string>;
  /** Runs a hook as the host does: the payload on standard input, with what every payload has. */
  hook(
    event: string,
    payload?: object | string,
    more?: Record<string, string>,
    limits?: { fileBlocks?: number },
  ): Promise<Left>;
  /** What the host starts for an event. */
  hookCommand(event: string): [node: string, script: string, event: string];
  /** Runs `opskeep …` in the folder of the work, or another. */
  run(args: string[], input?: string, more?: Record<string, string>, folder?: string): Promise<Left>;
  /** The folder of what is kept for a server: the one of its environment unless another is named. */
  server(url?: string): string;
  /** Names of what waits in the spool. */
  spooled(): string[];
  /** Everything that is on its disk below the home, as one text. */
  disk(): string;
  log(): string;
  remove(): void;
}

/** Runs Node.js to its end; with `fileBlocks` no file grows beyond so many blocks of 512 bytes, as on a full disk. */
function runNode(
  args: string[],
  options: { cwd: string; env: Record<string, string>; input: string; fileBlocks?: number },
): Promise<Left> {
  return new Promise(resolve => {
    const { input, fileBlocks, ...rest } = options;
    const [command, ...words] =
      fileBlocks === undefined
        ? [process.execPath, ...args]
        : ['sh', '-c', 'ulimit -f "$0" && exec "$@"', String(fileBlocks), process.execPath, ...args];
    const done = (error: ExecFileException | null, stdout: string, stderr: string) => {
      const code = error ? (typeof error.code === 'number' ? error.code : -1) : 0;
      resolve({ code, stdout, stderr, json: <T>() => JSON.parse(stdout) as T });
    };
    const child = execFile(command, words, { ...rest, maxBuffer: 64 << 20 }, done);
    child.stdin?.on('error', () => undefined).end(input);
  });
}

/** A clone of a repository as git would leave it, without git. */
export function makeClone(folder: string, remote?: string): void {
  const git = join(folder, '.git');
  mkdirSync(join(git, 'refs', 'heads'), { recursive: true });
  mkdirSync(join(git, 'objects'), { recursive: true });
  writeFileSync(join(git, 'HEAD'), 'ref: refs/heads/main\n');
  writeFileSync(join(git, 'refs', 'heads', 'main'), `${'ab'.repeat(20)}\n`);
  const origin = remote ? `[remote "origin"]\n\turl = ${remote}\n` : '';
  writeFileSync(join(git, 'config'), `[core]\n\trepositoryformatversion = 0\n\tbare = false\n${origin}`);
}

export async function makeMachine(
  options: { url?: string; token?: string; remote?: string; folder?: string } = {},
): Promise<Machine> {
  const program = await buildClient();
  const home = mkdtempSync(join(tmpdir(), 'opskeep-home-'));
  const work = join(home, 'work', options.folder ?? 'acme-firewall');
  mkdirSync(work, { recursive: true });
  if (options.remote) makeClone(work, options.remote);
  const state = join(home, '.local', 'state', 'opskeep');
  const config = join(home, '.config', 'opskeep');
  const environment: Record<string, string> = { PATH: process.env.PATH ?? '', HOME: home };
  if (options.url) environment.OPSKEEP_URL = options.url;
  if (options.token) environment.OPSKEEP_TOKEN = options.token;
  const server = (url = environment.OPSKEEP_URL) => serverFolder(url, state);
  const common = { transcript_path: join(home, 'transcript.jsonl'), cwd: work, permission_mode: 'default' };
  const filesIn = (folder: string) =>
    readdirSync(folder, { recursive: true, withFileTypes: true }).filter(one => one.isFile());
  return {
    home,
    work,
    state,
    config,
    environment,
    hookCommand: event => [process.execPath, join(program, 'hook.cjs'), event],
    hook: (event, payload = {}, more = {}, limits = {}) =>
      runNode([join(program, 'hook.cjs'), event], {
        ...limits,
        cwd: work,
        env: { ...environment, ...more },
        input:
          typeof payload === 'string'
            ? payload
            : JSON.stringify({ session_id: 'session-1', hook_event_name: event, ...common, ...payload }),
      }),
    run: (args, input = '', more = {}, folder = work) =>
      runNode([join(program, 'opskeep.cjs'), ...args], {
        cwd: folder,
        env: { ...environment, ...more },
        input,
      }),
    server,
    spooled: () => {
      try {
        return readdirSync(join(server(), 'spool'))
          .filter(name => name.endsWith('.json'))
          .sort();
      } catch {
        return [];
      }
    },
    disk: () =>
      filesIn(home)
        .map(one => readFileSync(join(one.parentPath, one.name), 'utf8'))
        .join('\n'),
    log: () => (existsSync(join(state, 'hook.log')) ? readFileSync(join(state, 'hook.log'), 'utf8') : ''),
    remove: () => rmSync(home, { recursive: true, force: true, maxRetries: 20 }),
  };
}

/** The text that a hook puts into the conversation; empty for none. */
export function toldBy({ stdout }: Left): string {
  if (stdout === '') return '';
  const { hookSpecificOutput } = JSON.parse(stdout) as { hookSpecificOutput: { additionalContext: string } };
  return hookSpecificOutput.additionalContext;
}

/** The first of up to five answers that tells something: on a busy machine a prompt may be over its deadline. */
export async function inTime(machine: Machine, ask: () => Promise<Left>): Promise<Left> {
  for (let left = 4; ; left--) {
    const answer = await ask();
    if (toldBy(answer) !== '' || left === 0) return answer;
    rmSync(join(machine.server(), 'silence.json'), { force: true });
  }
}

/** Listens on a port of its own; answers with the address, and a token for the memory alone. */
export async function openDoor(t: TestApp): Promise<{ url: string; token: string }> {
  await t.app.listen(0, '127.0.0.1');
  const issued = await t.http('POST', '/api/access-tokens', {
    body: { name: 'hooks', scopes: ['msp:read', 'msp:write'], resources: ['memory'] },
  });
  const { port } = t.app.getHttpServer().address() as { port: number };
  return { url: `http://127.0.0.1:${port}`, token: String(issued.body.token) };
}

/** Waits until something is true: another process works on it. */
export async function until(is: () => boolean | Promise<boolean>, patience = 20_000): Promise<void> {
  for (const deadline = Date.now() + patience; !(await is());) {
    if (Date.now() > deadline) throw new Error('It did not happen in time');
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}
