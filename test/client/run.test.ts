import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { buildClient, type Machine, makeMachine, until } from './machine.js';

jest.setTimeout(180_000);

const SECRET = 'CANARY lantern/42+';
const MARK = '[redacted:secret]';
const DB = { DB: 'opskeep://local/DB' };

let machine: Machine;
let program: string;
beforeAll(async () => {
  program = join(await buildClient(), 'opskeep.cjs');
  machine = await makeMachine();
  await machine.run(['vault', 'init']);
  await machine.run(['vault', 'set', 'DB'], SECRET);
  await machine.run(['vault', 'set', 'smtp-pass.word'], 'CANARY velvet');
  await machine.run(['vault', 'set', 'SHORT'], 'abc');
  await machine.run(['vault', 'set', 'PATH'], 'CANARY path');
  await machine.run(['vault', 'set', 'Äpfel'], 'CANARY apples');
});
const going = new Set<ChildProcess>();
afterAll(() => {
  // Those of a test that failed.
  for (const child of going) child.kill('SIGKILL');
  machine.remove();
});

const run = (args: string[], more: Record<string, string> = {}, input = '') =>
  machine.run(['run', ...args], input, more);
const node = (script: string, ...args: string[]) => ['--', process.execPath, '-e', script, ...args];
const LENGTHS = 'console.log(process.env.DB.length, process.env.DB.split("").reverse().join(""))';
const backwards = (value: string) => `${value.length} ${[...value].reverse().join('')}\n`;

/** What processes of a run are seen as, by others of this machine. */
const commandLine = (pid: number) => readFileSync(`/proc/${pid}/cmdline`, 'utf8');
const isAlive = (pid: number) => existsSync(`/proc/${pid}`);

/** Starts `opskeep run`; what it says is gathered. */
function start(args: string[], more: Record<string, string> = {}) {
  const child = spawn(process.execPath, [program, 'run', ...args], {
    cwd: machine.work,
    env: { ...machine.environment, ...more },
    detached: true,
  });
  going.add(child.once('close', () => going.delete(child)));
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', part => (said += String(part)));
  const ended = new Promise<number | null>(done => child.on('close', done));
  return { child, ended, said: () => said, says: (what: RegExp) => until(() => what.test(said)) };
}

describe('opskeep run', () => {
  test('resolves references of the environment, of files and between braces, and masks them in the output', async () => {
    const plain = await run(node(LENGTHS), DB);
    expect(plain).toMatchObject({ code: 0, stdout: backwards(SECRET), stderr: '' });
    writeFileSync(
      join(machine.work, 'app.env'),
      '\ufeffDB=opskeep://local/smtp-pass.word\nURL="postgres://a:{{ opskeep://local/DB }}@h/{{opskeep://local/DB}}"\nPLAIN=x\n',
    );
    const script =
      'console.log(process.env.URL); console.error(process.env.DB); console.log(process.env.PLAIN)';
    const files = await run(['--env-file', 'app.env', ...node(script)], DB);
    expect(files).toEqual({
      ...files,
      code: 0,
      stdout: `postgres://a:${MARK}@h/${MARK}\nx\n`,
      stderr: `${MARK}\n`,
    });
    expect((await run(['-e', 'none.env', ...node('0')])).code).toBe(2);
  });

  test('a secret is masked where it is cut in two writes, and encoded; other bytes pass as they are, at once', async () => {
    const script = `
      const { DB } = process.env, say = one => new Promise(done => process.stdout.write(one, done));
      const wait = () => new Promise(done => setTimeout(done, 30));
      (async () => {
        for (const letter of DB) { await say(letter); await wait(); }
        await say('|' + Buffer.from('u:' + DB).toString('base64') + '|' + encodeURIComponent(DB) + '|');
        await say(Buffer.from(DB).toString('hex') + '|');
        await say(Buffer.from([0, 255, 254, 10, 128]));
      })()`;
    const { stdout } = await run(node(script), DB);
    expect(stdout).toMatch(/^\[redacted:secret\]\|dTp?\w?\[redacted:secret\]=*\|/);
    expect(stdout.split(MARK)).toHaveLength(5);
    expect(stdout).not.toMatch(/CANARY|lantern/);
    const bytes = await text(
      spawn(
        process.execPath,
        [program, 'run', ...node('process.stdout.write(Buffer.from([0,255,254,10,128]))')],
        {
          cwd: machine.work,
          env: { ...machine.environment, ...DB },
        },
      ).stdout.setEncoding('hex'),
    );
    expect(bytes).toBe('00fffe0a80');
    const prompt = start(
      node('process.stdout.write("Name? "); process.stdin.once("data", () => process.exit(3))'),
      DB,
    );
    await prompt.says(/^Name\? $/);
    prompt.child.stdin.write('x\n');
    expect(await prompt.ended).toBe(3);
  });

  test('passes the exit code, the input and the arguments on', async () => {
    const script =
      'process.stdin.pipe(process.stdout); process.exitCode = 7; console.error(process.argv.slice(1).join())';
    const through = await run(node(script, '--', '--json', '--', '--help'), DB, 'typed');
    expect(through).toMatchObject({ code: 7, stdout: 'typed', stderr: '--json,--,--help\n' });
    expect((await run(['--', 'sh', '-c', 'kill -9 $$'])).code).toBe(137);
    const none = await run(['--', 'no-such-program-here', 'CANARY']);
    expect(none).toMatchObject({ code: 127, stderr: 'There is no program no-such-program-here\n' });
    writeFileSync(join(machine.work, 'notes.txt'), 'x');
    expect((await run(['--', './notes.txt'])).code).toBe(126);
    chmodSync(join(machine.work, 'notes.txt'), 0o644);
    expect((await run(['--', machine.work])).code).toBe(126);
    for (const wrong of [[], ['ls'], ['ls', '--', '-l'], ['--']]) expect((await run(wrong)).code).toBe(2);
  });

  test('starts nothing when a reference leads nowhere, and says which', async () => {
    const marker = join(machine.work, 'started');
    const touch = node(`require('fs').writeFileSync(${JSON.stringify(marker)}, '')`);
    const references = {
      A: 'opskeep://local/NONE',
      B: 'opskeep://local/DB/field',
      C: 'x{{opskeep://%zz}}',
      E: 'x opskeep://local/DB',
      F: '{{opskeep://local/DB',
      // No server is known: 2, as for every command that asks one.
      D: 'opskeep://Acme/firewall/password',
    };
    for (const [name, reference] of Object.entries(references)) {
      const refused = await run(touch, { ...DB, [name]: reference });
      expect(refused).toMatchObject({ code: name === 'D' ? 2 : 3, stdout: '' });
      if (name !== 'D') expect(refused.stderr).toMatch(new RegExp(`^${name}: `));
      expect(refused.stderr).not.toContain('%zz');
    }
    const { OPSKEEP_URL, OPSKEEP_TOKEN } = { OPSKEEP_URL: 'http://127.0.0.1:1', OPSKEEP_TOKEN: 'okt_CANARY' };
    const away = await run(touch, { D: references.D, OPSKEEP_URL, OPSKEEP_TOKEN });
    expect(away).toMatchObject({ code: 4, stderr: expect.stringMatching(/not reachable/) });
    expect((await run(touch, { ...DB, OPSKEEP_VAULT: join(machine.home, 'none') })).code).toBe(3);
    expect((await run(touch, { ...DB, FPAI_CREDENTIALS_KEY: 'cd'.repeat(32) })).code).toBe(1);
    writeFileSync(join(machine.work, 'torn.env'), "A='x'\nB=\"opskeep://local/DB\nC=y\n");
    const torn = await run(['-e', 'torn.env', ...touch]);
    expect(torn).toMatchObject({ code: 2, stderr: 'torn.env: the quote of B does not end.\n' });
    expect(existsSync(marker)).toBe(false);
  });

  test('a file does not decide which program runs, nor what that loads', async () => {
    const evil = join(machine.work, 'evil');
    mkdirSync(evil);
    writeFileSync(join(evil, 'tell'), '#!/bin/sh\necho evil\n', { mode: 0o755 });
    writeFileSync(
      join(machine.work, 'evil.env'),
      `PATH=${evil}\nLD_PRELOAD=./x.so\nNODE_OPTIONS=--require=./evil.js\nBASH_ENV=./evil\nPLAIN=x\n`,
    );
    expect(await run(['-e', 'evil.env', '--', 'tell'])).toMatchObject({ code: 127, stdout: '' });
    const script =
      'const { PATH, LD_PRELOAD, NODE_OPTIONS, PLAIN } = process.env; console.log(PATH !== undefined, LD_PRELOAD, NODE_OPTIONS, PLAIN)';
    const told = await run(['-e', 'evil.env', ...node(script)]);
    expect(told).toMatchObject({ code: 0, stdout: 'true undefined undefined x\n' });
    for (const name of ['PATH', 'LD_PRELOAD', 'NODE_OPTIONS', 'BASH_ENV'])
      expect(told.stderr).toContain(`${name} of evil.env is left out`);
  });

  test('keys whose names others use, too, reach the program where they were meant for it', async () => {
    const script =
      'console.log(["JWT_SECRET_KEY", "ENCRYPTION_KEY", "DATABASE_URL", "KEYSTORE_DATABASE_URL", "API_KEY_MASTER_KEY_FILE"].filter(one => process.env[one]).join())';
    const server = {
      ...{ JWT_SECRET_KEY: 'CANARY', ENCRYPTION_KEY: 'CANARY', DATABASE_URL: 'mysql://CANARY' },
      ...{ KEYSTORE_DATABASE_URL: 'mysql://CANARY', API_KEY_MASTER_KEY_FILE: '/run/CANARY' },
    };
    const none = await run(node(script), server);
    expect(none).toMatchObject({ code: 0, stdout: '\n' });
    expect(none.stderr).toMatch(
      /^JWT_SECRET_KEY is left out: .*\nENCRYPTION_KEY is left .*\nDATABASE_URL is left/,
    );
    writeFileSync(join(machine.work, 'own.env'), 'ENCRYPTION_KEY=plain-of-mine\n');
    const own = await run(['-e', 'own.env', ...node(script)], { ...server, JWT_SECRET_KEY: DB.DB });
    expect(own.stdout).toBe('JWT_SECRET_KEY,ENCRYPTION_KEY\n');
    expect((await run(node(script), { DATABASE_URL: 'sqlite:x' })).stdout).toBe('DATABASE_URL\n');
  });

  test('--vault gives every entry under a name of a variable; none decides what is loaded', async () => {
    const told = await run([
      '--vault',
      ...node('console.log(Object.keys(process.env).sort().join(), process.env.SHORT)'),
    ]);
    expect(told.code).toBe(0);
    expect(told.stdout).toMatch(/\bDB\b.*\bSMTP_PASS_WORD\b.* abc\n/);
    expect(told.stderr).toMatch(
      /^PATH is left out.*\n.*Äpfel is left out|^Äpfel is left out.*\n.*PATH is left out/,
    );
    expect(told.stderr).toMatch(/SHORT is shorter than 4 characters/);
    await machine.run(['vault', 'set', 'Db'], 'CANARY other');
    expect(await run(['--vault', ...node('0')])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/would be DB/),
    });
    await machine.run(['vault', 'delete', 'Db']);
    const { stdout } = await machine.run(['vault', 'audit', '20']);
    expect(stdout).toMatch(/get +smtp-pass\.word/);
  });

  test('asks for each reference once, and leaves our own keys and secrets out of sight', async () => {
    const before = (await machine.run(['vault', 'audit', '1', '--json'])).json<{ n: number }[]>()[0]?.n ?? 0;
    const own = {
      OPSKEEP_TOKEN: 'okt_CANARY',
      CREDENTIALS_MANAGER_TOKEN: 'CANARY',
      OPSKEEP_VAULT_KEY_FILE: '',
    };
    writeFileSync(
      join(machine.work, 'keys.env'),
      `FPAI_CREDENTIALS_KEY=${'ab'.repeat(32)}\nX=opskeep://local/D%42\n`,
    );
    const script = `console.log(JSON.stringify(Object.keys(process.env))); setInterval(() => 0, 1000)`;
    const going = start(['--env-file', 'keys.env', ...node(script)], {
      ...DB,
      ...own,
      SAME: ' opskeep://local/DB ',
    });
    await going.says(/\n/);
    const names = JSON.parse(going.said()) as string[];
    expect(names).toEqual(expect.arrayContaining(['DB', 'SAME', 'X']));
    expect(names.filter(one => /CREDENTIALS|TOKEN|KEY/.test(one))).toEqual([]);
    expect(commandLine(going.child.pid ?? 0)).not.toContain('CANARY');
    expect(readFileSync(`/proc/${going.child.pid}/environ`, 'utf8')).not.toContain(SECRET);
    going.child.kill('SIGTERM');
    expect(await going.ended).toBe(143);
    const after = (await machine.run(['vault', 'audit', '1', '--json'])).json<{ n: number }[]>()[0]?.n;
    expect(after).toBe(before + 1);
  });
});

describe('signals', () => {
  const HANDLES = `
    const on = name => process.on(name, () => console.log('got ' + name));
    ['SIGINT', 'SIGHUP', 'SIGUSR2', 'SIGQUIT'].forEach(on);
    process.on('SIGTERM', () => process.exit(9));
    setInterval(() => 0, 1000); console.log('pid ' + process.pid)`;

  test('go to the program, which decides how both end', async () => {
    const going = start(node(HANDLES), DB);
    await going.says(/pid \d+\n/);
    for (const name of ['SIGINT', 'SIGHUP', 'SIGUSR2', 'SIGQUIT', 'SIGINT'] as const) {
      const before = going.said().length;
      going.child.kill(name);
      await until(() => going.said().slice(before).includes(`got ${name}\n`));
    }
    going.child.kill('SIGTERM');
    expect(await going.ended).toBe(9);
    expect(going.said().match(/got SIGINT/g)).toHaveLength(2);
  });

  test('the program ends when opskeep is killed', async () => {
    const going = start(node(`console.log('pid ' + process.pid); setInterval(() => 0, 1000)`), DB);
    await going.says(/pid \d+\n/);
    const pid = Number(/pid (\d+)/.exec(going.said())?.[1]);
    expect(isAlive(pid)).toBe(true);
    going.child.kill('SIGKILL');
    await until(() => !isAlive(pid));
  });

  test('a reader that goes away ends what writes without end', async () => {
    const line = `'${process.execPath}' '${program}' run -- yes lantern | head -n 1; echo \${PIPESTATUS[0]}`;
    const child = spawn('bash', ['-c', line], { cwd: machine.work, env: { ...machine.environment, ...DB } });
    expect(await text(child.stdout)).toBe('lantern\n141\n');
  });
});

/** Runs it on a terminal of its own; keys are typed each time that it has said their word. */
function onTerminal(args: string[], keys: [word: string, keys: string][], more: Record<string, string>) {
  const driver = `
import json, os, pty, sys
args, keys = json.loads(sys.argv[1]), json.loads(sys.argv[2])
pid, fd = pty.fork()
if pid == 0: os.execv(args[0], args)
said, at = b'', 0
while True:
    try: part = os.read(fd, 65536)
    except OSError: part = b''
    if not part: break
    said += part
    if keys and keys[0][0].encode() in said[at:]:
        at = len(said)
        os.write(fd, keys.pop(0)[1].encode())
sys.stdout.write(json.dumps([os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), said.decode()]))`;
  const all = [process.execPath, program, 'run', ...args];
  const child = spawn('python3', ['-c', driver, JSON.stringify(all), JSON.stringify(keys)], {
    cwd: machine.work,
    env: { ...machine.environment, ...more },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return text(child.stdout).then(said => JSON.parse(said) as [code: number, said: string]);
}

describe('on a terminal', () => {
  test('the program has it, unmasked; Ctrl-C reaches it once each time, and it may go on', async () => {
    const script = `
      console.log(process.stdin.isTTY, process.stdout.isTTY, process.stderr.isTTY, process.env.DB);
      let n = 0;
      process.on('SIGINT', () => { console.log('got ' + ++n + '.'); if (n === 2) setTimeout(() => process.exit(n), 500); });
      setInterval(() => 0, 1000); console.log('ready')`;
    const [code, said] = await onTerminal(
      node(script),
      [
        ['ready', '\u0003'],
        ['got 1.', '\u0003'],
      ],
      DB,
    );
    expect(said).toContain(`true true true ${SECRET}`);
    expect([code, said.match(/got \d/g)]).toEqual([2, ['got 1', 'got 2']]);
  });

  test('Ctrl-C ends a program that does not mind it: 130', async () => {
    const [code] = await onTerminal(
      node('setInterval(() => 0, 1000); console.log("ready")'),
      [['ready', '\u0003']],
      DB,
    );
    expect(code).toBe(130);
  });
});

test('a large output is passed on whole, with little memory', async () => {
  mkdirSync(join(machine.work, 'big'), { recursive: true });
  const script = `
    const line = 'x'.repeat(1000) + '\\n';
    (async () => { for (let n = 0; n < 60000; n++) if (!process.stdout.write(line)) await new Promise(d => process.stdout.once('drain', d)); })()`;
  const going = spawn(process.execPath, [program, 'run', ...node(script)], {
    cwd: machine.work,
    env: { ...machine.environment, ...DB },
  });
  let size = 0;
  let most = 0;
  for await (const part of going.stdout) {
    size += (part as Buffer).length;
    // A slow reader: what it does not take must not be gathered.
    if (size % 5 === 0) {
      const [, kilobytes] = /VmHWM:\s*(\d+)/.exec(readFileSync(`/proc/${going.pid}/status`, 'utf8')) ?? [];
      most = Math.max(most, Number(kilobytes ?? 0));
      await new Promise(done => setTimeout(done, 1));
    }
  }
  expect(size).toBe(60_060_000);
  expect(most).toBeLessThan(160_000);
});
