import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import mysql from 'mysql2/promise';
import { freePort } from './free-port.mjs';
import { startMariaDb } from './mariadb.mjs';

const STARTUP_MS = 60_000;
const PROVIDER = '/usr/lib/galera/libgalera_smm.so';

/**
 * The program that brings a node the data of another one: they begin with the same, and Galera itself sends what was
 * written since. Those that come with MariaDB refuse to run as root.
 */
const sameData = state => `#!/bin/sh
case "$*" in
  *joiner*) echo 'ready 127.0.0.1'; sleep 1; echo '${state}' ;;
  *) echo continue; echo 'done ${state}' ;;
esac
`;

function argsOf(number, { group, transfer }, ports) {
  const options = [
    `gmcast.listen_addr=tcp://127.0.0.1:${group}`,
    `ist.recv_addr=tcp://127.0.0.1:${transfer}`,
    'gcache.size=32M',
    // docs/operations.md names them: a node that is gone is noticed within a second.
    'evs.keepalive_period=PT0.3S',
    'evs.inactive_check_period=PT0.3S',
    'evs.suspect_timeout=PT1S',
    'evs.inactive_timeout=PT3S',
  ];
  return [
    '--wsrep-on=ON',
    `--wsrep-provider=${PROVIDER}`,
    `--wsrep-cluster-address=gcomm://${ports.map(port => `127.0.0.1:${port}`).join(',')}`,
    '--wsrep-cluster-name=opskeep',
    `--wsrep-node-name=node${number}`,
    '--wsrep-node-address=127.0.0.1',
    '--wsrep-sst-method=same',
    `--wsrep-provider-options=${options.join(';')}`,
    '--binlog-format=ROW',
    '--innodb-autoinc-lock-mode=2',
    '--innodb-buffer-pool-size=64M',
    '--innodb-log-file-size=32M',
    '--performance-schema=OFF',
  ];
}

/** See galera.d.mts, which documents this module for its users. */
export async function startGalera(count = 3) {
  if (!existsSync(PROVIDER))
    throw new Error(`${PROVIDER} was not found: install the Debian package "galera-4".`);
  const places = [];
  for (let n = 0; n < count; n++) places.push({ group: await freePort(), transfer: await freePort() });
  const groups = places.map(place => place.group);
  const started = [];
  const stop = () => Promise.all(started.map(server => server.stop())).then(() => undefined);
  const start = async options => {
    const server = await startMariaDb(options);
    started.push(server);
    return server;
  };
  try {
    // Root's password first, then a cluster of one, which leaves what each of the nodes begins with.
    const plain = await start();
    await plain.end();
    const args = places.map((place, n) => argsOf(n + 1, place, groups));
    const firstArgs = ['--wsrep-new-cluster'];
    const begun = await start({ args: args[0], firstArgs, like: plain });
    await begun.end();
    const saved = await readFile(join(begun.datadir, 'grastate.dat'), 'utf8');
    const [, uuid, seqno] = /^uuid:\s+(\S+)\s+seqno:\s+(\d+)$/m.exec(saved);
    const folder = dirname(begun.datadir);
    await writeFile(join(folder, 'wsrep_sst_same'), sameData(`${uuid}:${seqno}`), { mode: 0o700 });
    const env = { ...process.env, PATH: `${folder}:${process.env.PATH}` };
    const nodes = [];
    for (const [n, own] of args.entries())
      nodes.push(await start({ args: own, firstArgs: n === 0 ? firstArgs : [], env, like: begun }));
    await Promise.all(nodes.map(untilSynced));
    return { nodes, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function untilSynced(node) {
  const connection = await mysql.createConnection(node.url('mysql'));
  const deadline = Date.now() + STARTUP_MS;
  for (;;) {
    const [[row]] = await connection.query("SHOW STATUS LIKE 'wsrep_local_state_comment'");
    if (row?.Value === 'Synced') return connection.end();
    if (Date.now() > deadline) throw new Error(`A node of the cluster did not come up: ${row?.Value}`);
    await sleep(50);
  }
}
