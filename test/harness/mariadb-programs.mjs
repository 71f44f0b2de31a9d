import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { guard } from './guard.mjs';

const run = promisify(execFile);

/**
 * The program's full path; Debian keeps servers in /usr/sbin, which is not on everyone's PATH.
 *
 * @throws Error naming the Debian package when there is no such program.
 */
export function program(name) {
  const folders = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/usr/local/sbin', '/usr/bin'];
  const found = folders.map(folder => join(folder, name)).find(path => existsSync(path));
  if (!found) throw new Error(`${name} was not found: install the Debian package "mariadb-server".`);
  return found;
}

/** The command as the kernel ends it should this process be killed; as it is where there is no `setpriv`. */
export function leashed(command, args) {
  const setpriv = '/usr/bin/setpriv';
  return existsSync(setpriv) ? [setpriv, ['--pdeathsig', 'KILL', '--', command, ...args]] : [command, args];
}

/** The argument without which MariaDB's programs refuse to run as root. */
export function asOwner() {
  return process.getuid?.() === 0 ? ['--user=root'] : [];
}

/** Creates the data folder, and the file of statements which the server runs at each start. */
export async function install(server) {
  const installation = run(program('mariadb-install-db'), [
    '--no-defaults',
    `--datadir=${server.datadir}`,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
    ...asOwner(),
  ]);
  guard(server.folder, installation.child);
  await installation;
  // The port is open to every user of this machine: root gets a password, anonymous accounts go.
  const root = ['localhost', '127.0.0.1'].map(host => `'root'@'${host}' IDENTIFIED BY '${server.password}'`);
  await writeFile(
    server.initFile,
    [
      "DELETE FROM mysql.global_priv WHERE User IN ('root', '');",
      'FLUSH PRIVILEGES;',
      ...root.map(account => `GRANT ALL ON *.* TO ${account} WITH GRANT OPTION;`),
      '',
    ].join('\n'),
    { mode: 0o600 },
  );
}
