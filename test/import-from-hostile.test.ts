import { spawn } from 'node:child_process';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readExport } from '../src/commands/import-from/reading/export-file.js';
import { readSource } from '../src/commands/import-from/sources/sources.js';
import { startApp, type TestApp } from './app.js';
import { buildServer } from './harness/build.js';
import { environmentBeside, runCommand } from './harness/command.js';
import { runInside } from './harness/command-inside.js';

jest.setTimeout(180_000);

const HEAD = 'Title,Username,Password,URL,Notes';
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opskeep-import-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function fileOf(content: string | Buffer, name = 'export.csv'): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content, { mode: 0o600 });
  return path;
}

/** What an export in a file says, read as the command reads it. */
const read = async (source: string, content: string | Buffer) =>
  readSource(source, await readExport(await fileOf(content)));

/** How reading is refused; no secret is in it. */
async function refusal(source: string, content: string | Buffer): Promise<string> {
  const error = await read(source, content).then(
    () => new Error('it was read'),
    (error: Error) => error,
  );
  expect(error.name).toBe('UsageError');
  expect(error.message).not.toContain('CANARY');
  return error.message;
}

describe('a file that is not what it should be', () => {
  test('is refused with what was expected and found, and never with what may be a secret', async () => {
    const headless = await refusal(
      'keepass-csv',
      'Router,admin,CANARY-password,http://10.0.0.1,CANARY notes\n',
    );
    expect(headless).toMatch(/must name Title, Username, Password, URL, Notes, and has 5 of other names\.$/);
    const other = await refusal(
      '1password-csv',
      'folder,favorite,type,name,notes,fields,reprompt,login_uri,login_username,login_password,login_totp\n',
    );
    expect(other).toMatch(/has folder, .*It looks like an export of Bitwarden: import-from bitwarden\.$/);
    const taken = await refusal(
      'keepass-csv',
      'Title,Url,Username,Password,OTPAuth,Favorite,Archived,Tags,Notes\n',
    );
    expect(taken).toMatch(
      /columns than .* lost\. It looks like an export of 1Password: import-from 1password-csv\.$/,
    );
    expect(await refusal('lastpass', HEAD)).toContain('must be one of bitwarden, keepass-csv,');
    expect(await refusal('hudu-csv', '{"items": []}')).toContain('The file is JSON, and Hudu exports CSV');
    expect(await refusal('bitwarden', '<html>CANARY</html>')).toContain('XML or HTML');
    expect(await refusal('bitwarden', '{"items": ["CANARY')).toContain('no JSON');
    expect(await refusal('bitwarden', '{"CANARY": 1}')).toContain('`items`');
    expect(await refusal('bitwarden', '{"passwordProtected": true, "data": "CANARY"}')).toContain(
      'encrypted',
    );
    expect(await refusal('bitwarden', `${'['.repeat(2_000_000)}`)).toContain('no JSON');
    expect(await refusal('keepass-csv', `${HEAD}\nA,b,c,,\nB,b,"CANARY,,\n`)).toMatch(/^Line 3 is no CSV/);
    expect(await refusal('keepass-csv', `${HEAD}\nA,b,x"CANARY",,\n`)).toMatch(/^Line 2 is no CSV/);
    expect(await refusal('keepass-csv', '\n \n')).toBe('The file is empty.');
  });

  test('is told by its first bytes, its encoding and its size', async () => {
    expect(await refusal('1password-csv', Buffer.from('504b030414000000', 'hex'))).toContain('ZIP');
    expect(await refusal('keepass-csv', Buffer.from('03d9a29a67fb4bb5', 'hex'))).toContain(
      'database of KeePass',
    );
    const latin = Buffer.from(`${HEAD}\nA,b,CANARY-\xfcber,,\n`, 'latin1');
    expect(await refusal('keepass-csv', latin)).toMatch(/no text in UTF-8: save it as UTF-8/);
    const wide = Buffer.from(`\ufeff${HEAD}\nA,b,CANARY-\u00fcber,,\n`, 'utf16le');
    expect((await read('keepass-csv', wide)).items[0]?.password).toBe('CANARY-\u00fcber');
    const large = await fileOf('', 'large.csv');
    await truncate(large, 64 * 1024 * 1024 + 1);
    await expect(readExport(large)).rejects.toThrow('has more than 64 MiB');
    await expect(readExport(folder)).rejects.toThrow('is a folder');
    await expect(readExport(join(folder, 'nowhere'))).rejects.toThrow('cannot be read (ENOENT)');
  });
});

describe('hostile content', () => {
  test('lines are counted, whatever ends them, and cells are kept to the last sign', async () => {
    const text = `\ufeff${HEAD}\r\n\r\nA,b,"CANARY\r\none",,\nB,b,CANARY two ,,\r\nC,b,=1+CANARY,,\n`;
    const { items } = await read('keepass-csv', text);
    expect(items.map(one => [one.where, one.password])).toEqual([
      ['line 3', 'CANARY\r\none'],
      ['line 5', 'CANARY two '],
      ['line 6', '=1+CANARY'],
    ]);
  });

  test('columns that nobody knows are told, and endless cells and paths are no trouble', async () => {
    const path = 'a/'.repeat(400_000);
    const rows = [`G,A,b,c,,,x`, `${path},B,b,c,,,`, `G,C,b,${'CANARY'.repeat(200_000)},,,`];
    const { items, left, remarks } = await read(
      'keepass-csv',
      `Group,${HEAD},Secret word\n${rows.join('\n')}`,
    );
    expect(items.map(one => one.folders.map(path => path.length))).toEqual([[1], [1]]);
    expect(left).toEqual([
      { where: 'line 4', name: null, reason: expect.stringContaining('1,000,000') as string },
    ]);
    expect(remarks).toEqual(['The column Secret word is not known, and not brought in.']);
  });

  test('what KeePassXC threw away stays there, in any of its languages, and what is called so elsewhere comes', async () => {
    const groups = ['Root/Papierkorb', 'Mine/ゴミ箱/Acme', 'Root/Acme/Papierkorb', 'Papierkorb/Acme', 'Root'];
    const rows = groups.map(one => `${one},Router,b,CANARY,,`);
    const { items, left } = await read('keepass-csv', `Group,${HEAD}\n${rows.join('\n')}`);
    expect(left).toEqual(
      ['line 2', 'line 3'].map(where => ({ where, name: 'Router', reason: 'in the trash' })),
    );
    expect(items.map(one => one.where)).toEqual(['line 4', 'line 5', 'line 6']);
  });

  test('of Bitwarden, names of objects and depth are no trouble', async () => {
    const deep = `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`;
    const item = '{"type":1,"name":"A","__proto__":{"type":2},"constructor":1,"login":{"password":"CANARY"}';
    const { items, left } = await read('bitwarden', `{"items":[${item},"deep":${deep}},null,[],${deep}]}`);
    expect(items).toMatchObject([{ title: 'A', kind: 'login', password: 'CANARY' }]);
    expect(left.map(one => one.where)).toEqual(['item 2', 'item 3', 'item 4']);
    expect(left.every(one => one.reason.startsWith('not as Bitwarden writes it'))).toBe(true);
  });
});

describe('beside a running server', () => {
  let t: TestApp;
  const bring = (...words: string[]) => runInside(environmentBeside(t), ['admin', 'import-from', ...words]);
  const bringAlone = (...words: string[]) =>
    runCommand(environmentBeside(t), ['admin', 'import-from', ...words]);
  const total = async (table: string) =>
    (await t.sql<{ n: number }>(`SELECT COUNT(*) AS n FROM ${table}`))[0]?.n ?? 0;

  beforeAll(async () => {
    t = await startApp();
    await t.make('clients', { name: 'Harbour' });
  });
  afterAll(() => t.close());

  test('an entry that cannot be stored is told by its line and field; what can be is', async () => {
    const rows = [
      `A\u0000\u202e\u200bB,b,CANARY-one,,`,
      `${'n'.repeat(300)},b,CANARY-two,,`,
      `C,${'u'.repeat(300)},CANARY-three,,`,
      `D,b,${'CANARY'.repeat(20_000)},,`,
      `E,b,CANARY-\ufffd,,`,
      `\u001b[2J,b,CANARY-six,,`,
      `,b,CANARY-seven,https://only.example/x,`,
    ];
    const file = await fileOf(`${HEAD}\n${rows.join('\n')}\n`);
    const ran = await bring('keepass-csv', file, '--yes', '--json', '--client', 'Harbour');
    expect(ran.stdout + ran.stderr).not.toMatch(/CANARY|\u001b|\u202e/);
    const { left_out, brought } = ran.json<{
      left_out: { where: string; reason: string }[];
      brought: object;
    }>();
    expect(left_out.map(one => `${one.where}: ${one.reason}`)).toEqual([
      expect.stringMatching(/^line 4: username must have at most 255 characters/) as string,
      expect.stringMatching(/^line 5: password must have at most 65536 bytes/) as string,
      expect.stringMatching(/^line 6: a secret was damaged/) as string,
    ]);
    expect(brought).toMatchObject({ entries: 4, failed: [] });
    const names = (await t.http('GET', '/api/credentials')).body.items.map(one => String(one.service_name));
    expect(names).toEqual(expect.arrayContaining(['AB', '[2J', 'only.example', `${'n'.repeat(254)}…`]));
  });

  test('wrong usage is 2, a client that is not there 3, and nothing that could come 1', async () => {
    const file = await fileOf(`Group,${HEAD},\u001b]0;\u0007\u009bword\nRoot/Pier,A,b,CANARY,,,x\n`);
    const before = await total('credentials');
    const runs = await Promise.all([
      bring('keepass-csv', file),
      bring('keepass-csv', file, '--yes', '--client', 'Harbour', '--map', 'Pier=Harbour'),
      bring('keepass-csv', file, '--yes', '--map', 'Pear=Harbour'),
      bring('keepass-csv', file, '--yes', '--map', 'Pier=Harbor'),
      bring(
        'keepass-csv',
        file,
        '--yes',
        '--client',
        '01981f5e-6f43-7bd1-b4a5-1f0c2a5b7c11',
        '--create-clients',
      ),
      bring('keepass-csv', file, '--yes'),
      bring('keepass-csv', file, '--dry-run'),
    ]);
    expect(runs.map(one => one.code)).toEqual([2, 2, 2, 3, 3, 1, 0]);
    expect(runs[0]?.stderr).toContain('--dry-run shows what would be done, --yes does it');
    expect(runs[2]?.stderr).toContain('there is no folder Pear in the file');
    // The names of its columns are told, and command no terminal.
    expect(runs[5]?.stdout).toContain('The column \ufffd]0;\ufffd\ufffdword is not known');
    expect(runs.map(one => one.stdout + one.stderr).join('')).not.toMatch(/[\u0007\u001b\u009b]/);
    expect(runs[5]?.stdout).toMatch(/line 2 +A +no client has the name of its folder: Pier\n/);
    expect(await total('credentials')).toBe(before);
  });

  test('at a terminal it shows what it would do and asks; whoever says no has changed nothing', async () => {
    const file = await fileOf(`${HEAD}\nAsked,b,CANARY-asked,,\n`, "it's.csv");
    const folder = await buildServer();
    const ask = async (answer: string) => {
      const line = [
        process.execPath,
        join(folder, 'src/cli.js'),
        'admin',
        'import-from',
        'keepass-csv',
        file,
        '--client',
        'Harbour',
      ];
      const quoted = line.map(one => `'${one.replaceAll("'", "'\\''")}'`).join(' ');
      const child = spawn('script', ['-qec', quoted, '/dev/null'], {
        env: { PATH: process.env.PATH ?? '', SHELL: '/bin/sh', ...environmentBeside(t) },
      });
      let shown = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        if (!shown.includes('[y/N]') && (shown + text).includes('[y/N]')) child.stdin.write(`${answer}\r`);
        shown += text;
      });
      await new Promise(done => child.once('close', done));
      return shown;
    };
    const before = await total('credentials');
    expect(await ask('n')).toMatch(/Harbour +1[^]*Bring in 1\? \[y\/N\] [^]*Nothing was brought in/);
    expect(await total('credentials')).toBe(before);
    expect(await ask('y')).toMatch(/Brought in: 1 entry as 1 credential\./);
    expect(await total('credentials')).toBe(before + 1);
  });

  test('killed in the middle, it goes on where it stopped: nothing is lost, half or there twice', async () => {
    const before = await total('credentials');
    const [size, each] = [100, 5];
    const fields = Array.from({ length: each - 1 }, (_, n) => ({
      name: `pin ${n}`,
      value: `CANARY-${n}`,
      type: 1,
    }));
    const items = Array.from({ length: size }, (_, n) => {
      const login = { username: 'root', password: `CANARY-${n}` };
      return { id: `i${n}`, type: 1, folderId: 'f', name: `Host ${n}`, login, fields };
    });
    const file = await fileOf(JSON.stringify({ folders: [{ id: 'f', name: 'Quay' }], items }), 'many.json');
    const words = ['admin', 'import-from', 'bitwarden', file, '--yes', '--create-clients'];
    const cli = join(await buildServer(), 'src/cli.js');
    let kills = 0;
    // In the middle of an entry, were they stored one by one.
    for (const at of [32, 143, 262]) {
      const child = spawn(process.execPath, [cli, ...words], {
        env: { PATH: process.env.PATH ?? '', ...environmentBeside(t) },
        stdio: 'ignore',
      });
      const ended = new Promise<NodeJS.Signals | null>(done =>
        child.once('exit', (_code, signal) => done(signal)),
      );
      while (child.exitCode === null && (await total('credentials')) - before < at) await sleep(5);
      child.kill('SIGKILL');
      kills += (await ended) === 'SIGKILL' ? 1 : 0;
      // All credentials of an entry with a mark of it, or none.
      const made = (await total('credentials')) - before;
      const marks = await t.sql<{ n: number }>(
        "SELECT COUNT(*) AS n FROM imported_rows i JOIN credentials c ON c.id = i.row_id WHERE c.service_name LIKE 'Host%'",
      );
      expect(made).toBe(each * Number(marks[0]?.n));
      expect(made).toBeGreaterThanOrEqual(at);
      expect(made).toBeLessThan(each * size);
    }
    expect(kills).toBe(3);
    const last = await runCommand(environmentBeside(t), [...words, '--json']);
    const { there, brought } = last.json<{ there: number; brought: { entries: number; clients: number } }>();
    expect(there + brought.entries).toBe(size);
    expect(brought.clients).toBe(0);
    expect((await total('credentials')) - before).toBe(each * size);
    const names = await t.sql(
      "SELECT DISTINCT service_name FROM credentials WHERE service_name LIKE 'Host%'",
    );
    expect(names).toHaveLength(each * size);
    expect(await t.sql("SELECT id FROM clients WHERE name = 'Quay'")).toHaveLength(1);
    const unsealed = await t.sql(
      'SELECT c.id FROM credentials c LEFT JOIN credential_secrets s ON s.credential_id = c.id WHERE s.id IS NULL',
    );
    expect(unsealed).toEqual([]);
  });

  test('two at once bring each entry once, and neither fails', async () => {
    const rows = Array.from({ length: 60 }, (_, n) => `Both ${n},b,CANARY-both-${n},,`);
    const words = ['keepass-csv', await fileOf(`${HEAD}\n${rows.join('\n')}\n`, 'both.csv')];
    const runs = await Promise.all(
      [1, 2].map(() => bringAlone(...words, '--yes', '--json', '--client', 'Quayside', '--create-clients')),
    );
    const made = runs.map(one => one.json<{ brought?: { entries: number; failed: unknown[] } }>().brought);
    expect(made.flatMap(one => one?.failed ?? [])).toEqual([]);
    expect(made.reduce((sum, one) => sum + (one?.entries ?? 0), 0)).toBe(rows.length);
    expect(await t.sql("SELECT service_name FROM credentials WHERE service_name LIKE 'Both %'")).toHaveLength(
      rows.length,
    );
    expect(await t.sql("SELECT id FROM clients WHERE name = 'Quayside'")).toHaveLength(1);
  });
});
