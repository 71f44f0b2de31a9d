import { chmod, mkdir, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type FreshDatabase, freshDatabase, testDatabase } from './harness/database.js';
import { runCommand } from './harness/command.js';
import { environmentOf, runServer } from './harness/server.js';

jest.setTimeout(180_000);

const onSqlite = testDatabase() === 'sqlite' ? describe : describe.skip;

onSqlite('the files of SQLite', () => {
  let fresh: FreshDatabase;
  let environment: Record<string, string>;
  const at = (name: string) => join(fresh.data, name);
  const mode = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);
  const migrate = () => runCommand(environment, ['admin', 'migrate', 'run']);
  const examine = async () => {
    const ran = await runCommand(environment, ['admin', 'doctor', '--json']);
    const { findings } = ran.json<{
      findings: { area: string; level: string; what: string; mend?: string }[];
    }>();
    return findings.filter(one => one.area === 'files' && one.level !== 'ok');
  };
  beforeEach(async () => {
    fresh = await freshDatabase();
    environment = environmentOf(fresh);
  });
  afterEach(() => fresh.drop());

  test('are made for their owner alone, and closed again when somebody has opened them', async () => {
    const made = ['opskeep.sqlite', 'keystore.sqlite'].map(at);
    expect(await migrate()).toMatchObject({ code: 0 });
    for (const path of made) expect(await mode(path)).toBe('600');
    for (const path of made) await chmod(path, 0o664);
    await writeFile(at('opskeep.sqlite-wal'), '', { mode: 0o644 });
    await chmod(at('opskeep.sqlite-wal'), 0o644);
    const told = (await examine()).map(one => one.what);
    for (const path of made) expect(told).toContain(`${path} is open to others (664)`);
    expect(told).toContain(`${at('opskeep.sqlite-wal')} is open to others (644)`);
    expect(await mode(made[0]!)).toBe('664');
    expect(await runCommand(environment, ['admin', 'user', 'list'])).toMatchObject({ code: 0 });
    for (const path of made) expect(await mode(path)).toBe('600');
  });

  test('are found behind a link, and so is a folder that others may write into', async () => {
    await migrate();
    await mkdir(at('real'), { mode: 0o700 });
    await rename(at('opskeep.sqlite'), at('real/file.sqlite'));
    await symlink(at('real/file.sqlite'), at('opskeep.sqlite'));
    await chmod(at('real/file.sqlite'), 0o604);
    await chmod(at('real'), 0o777);
    expect((await examine()).map(one => one.what)).toEqual(
      expect.arrayContaining([
        `${at('real/file.sqlite')} is open to others (604)`,
        `Others may write into ${at('real')} (777)`,
      ]),
    );
    expect(await runCommand(environment, ['admin', 'user', 'list'])).toMatchObject({ code: 0 });
    expect(await mode(at('real/file.sqlite'))).toBe('600');
  });

  test('are not written through a link that somebody has put beside them', async () => {
    await migrate();
    await rm(at('opskeep.sqlite-wal'), { force: true });
    await writeFile(at('theirs'), '');
    await symlink(at('theirs'), at('opskeep.sqlite-wal'));
    expect((await examine()).map(one => one.what)).toContain(
      `${at('opskeep.sqlite-wal')} is a symbolic link, and SQLite writes rows there`,
    );
    const { code, output } = await runServer(environment);
    expect(code).toBe(1);
    expect(output).toContain(`${at('opskeep.sqlite-wal')} is a symbolic link`);
  });
});
