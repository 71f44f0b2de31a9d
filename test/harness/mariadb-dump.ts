import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { program } from './mariadb-programs.mjs';

const run = promisify(execFile);

/** The program of MariaDB's client that works on that database, as its account. */
function client(name: string, url: string, ...args: string[]) {
  const { hostname, port, username, password, pathname } = new URL(url);
  const own = ['--no-defaults', `--host=${hostname}`, `--port=${port}`, `--user=${username}`, ...args];
  const env = { ...process.env, MYSQL_PWD: password };
  return run(program(name), [...own, pathname.slice(1)], { env, maxBuffer: 64 * 1024 * 1024 });
}

/** The statements that make an empty database of MariaDB, of any name and account, what this one is. */
export async function dumped(url: string): Promise<string> {
  const { stdout } = await client('mariadb-dump', url, '--single-transaction', '--skip-comments');
  return stdout.replaceAll(/DEFINER=\S+@\S+/g, '');
}

/** Runs the statements of a dump. */
export async function load(url: string, statements: string): Promise<void> {
  const loading = client('mariadb', url);
  loading.child.stdin?.end(statements);
  await loading;
}
