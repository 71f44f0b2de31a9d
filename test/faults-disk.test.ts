import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expectConsistent, nothingTold, write } from './harness/crash.js';
import { type FreshDatabase, freshDatabase, testDatabase } from './harness/database.js';
import { call, environmentOf, logIn, type Server, startServer } from './harness/server.js';

/** A disk of 24 MiB, where this process may mount one. */
function mountSmallDisk(folder: string): boolean {
  mkdirSync(folder, { mode: 0o700 });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m,mode=0700', 'tmpfs', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function fill(path: string): void {
  try {
    for (;;) writeFileSync(path, Buffer.alloc(64 * 1024), { flag: 'a' });
  } catch {
    // Full.
  }
}

/** Tried at once, so that a run says which tests it left out. */
function mayMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'opskeep-disk-'));
  const mounted = mountSmallDisk(join(folder, 'disk'));
  if (mounted) execFileSync('umount', [join(folder, 'disk')]);
  rmSync(folder, { recursive: true });
  return mounted;
}

(testDatabase() === 'sqlite' ? describe : describe.skip)('a disk that takes no more', () => {
  let fresh: FreshDatabase;
  let server: Server;
  let unmount: string | undefined;
  beforeEach(async () => {
    fresh = await freshDatabase();
  });
  afterEach(async () => {
    // It may not have started: the disk must go all the same, or no later run of tests begins.
    await (server as Server | undefined)?.kill();
    if (unmount) execFileSync('umount', [unmount]);
    unmount = undefined;
    await fresh.drop();
  });

  /** What the readiness says once it has this status; a good finding holds for ten seconds, and the last page may still fit. */
  async function untilReady(status: number): Promise<object> {
    for (let n = 0; ; n++, await sleep(100)) {
      const ready = await call(server, 'GET', '/health/ready');
      if (ready.status === status || n === 200) return ready.body;
    }
  }

  /** Changes are refused until `mend`, reads are not, and nothing is lost on the way. */
  async function expectGrace(url: string, token: string, mend: () => void, isFull: boolean): Promise<void> {
    const told = nothingTold();
    const began = Date.now();
    await write(server, token, told, () => told.statuses.has(503) || Date.now() - began > 20_000);
    expect(told.statuses).toContain(503);
    const body = { name: 'CANARY never' };
    const refused = await call(server, 'POST', '/api/clients', { token, body });
    expect([refused.status, refused.headers.get('retry-after'), refused.body.code]).toEqual([
      503,
      '30',
      'unavailable',
    ]);
    // Where a file may not grow, the readiness itself makes room: what it writes has the database tidy up.
    if (isFull)
      expect(await untilReady(503)).toMatchObject({
        status: 'not ready',
        checks: { disk: 'failed', keystore: 'ok' },
      });
    const bulk = await call(server, 'POST', '/api/clients/bulk', { token, body: { items: [body, body] } });
    expect(bulk.status).toBe(503);
    expect((await call(server, 'GET', '/api/clients?limit=5', { token })).status).toBe(200);
    expect((await call(server, 'GET', '/health')).status).toBe(200);
    expect([...told.statuses].filter(status => ![200, 201, 503].includes(status))).toEqual([]);
    mend();
    let status = 0;
    for (let n = 0; n < 100 && status !== 201; n++, await sleep(50))
      ({ status } = await call(server, 'POST', '/api/clients', {
        token,
        body: { name: `CANARY mended ${n}` },
      }));
    expect(status).toBe(201);
    expect(await untilReady(200)).toMatchObject({ status: 'ready', checks: { disk: 'ok' } });
    await expectConsistent(url, told);
    expect(server.output()).not.toContain('"status":500');
  }

  (mayMount() ? test : test.skip)('because it is full (tmpfs, which root may mount)', async () => {
    const disk = join(fresh.data, 'disk');
    expect(mountSmallDisk(disk)).toBe(true);
    unmount = disk;
    const url = `sqlite:${join(disk, 'opskeep.sqlite')}`;
    server = await startServer({ ...environmentOf(fresh), DATABASE_URL: url });
    const token = await logIn(server);
    const ballast = join(disk, 'ballast');
    fill(ballast);
    await expectGrace(url, token, () => rmSync(ballast), true);
  });

  test('because writing fails (prlimit)', async () => {
    server = await startServer(environmentOf(fresh));
    const token = await logIn(server);
    const file = fresh.url.slice('sqlite:'.length);
    // As large as the largest of its files may become: the log beside the database grows until it meets this.
    const size =
      Math.max(...[file, `${file}-wal`].filter(existsSync).map(path => statSync(path).size)) + 4096;
    const limit = (value: string) =>
      execFileSync('prlimit', ['--pid', String(server.pid), `--fsize=${value}:unlimited`]);
    limit(String(size));
    await expectGrace(fresh.url, token, () => void limit('unlimited'), false);
  });
});
