import { execFile, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Logins } from '../../src/core/access/tokens/logins.js';
import { type Shown, startApp, type TestApp, type TestUser } from '../app.js';
import { enrol } from '../harness/second-factor.js';
import { buildClient, type Machine, makeMachine } from './machine.js';

jest.setTimeout(180_000);

let t: TestApp;
let url: string;
let user: TestUser;
let machine: Machine;
beforeAll(async () => {
  t = await startApp({ settings: { LOGIN_LIMIT_PER_MINUTE: '0' } });
  url = await t.listen();
  user = await t.user({ scopes: ['msp:read', 'msp:write'] });
});
beforeEach(async () => {
  machine = await makeMachine();
});
afterEach(() => machine.remove());
afterAll(() => t.close());

const logIn = (password = user.password, more: string[] = []) =>
  machine.run(['login', '--url', url, '--email', user.email, ...more], `${password}\n`);
const sessionFile = () => join(machine.server(url), 'session.json');
const session = () => JSON.parse(readFileSync(sessionFile(), 'utf8')) as Record<string, string>;
/** As if an hour had passed. */
const age = () =>
  writeFileSync(sessionFile(), JSON.stringify({ ...session(), expires_at: '2020-01-01T00:00:00.000Z' }));
const whoami = (more = {}) => machine.run(['whoami', '--json'], '', more);

test('who logs in is known until the logout, and the session is in a file of their own alone', async () => {
  const told = await logIn();
  expect(told).toMatchObject({ code: 0, stderr: '' });
  expect(told.stdout).toContain(`Logged in at ${url} as ${user.email} (msp:read, msp:write).`);
  expect(statSync(sessionFile()).mode & 0o777).toBe(0o600);
  expect(statSync(machine.server(url)).mode & 0o777).toBe(0o700);
  expect(machine.disk()).not.toContain(user.password);
  expect((await whoami()).json()).toMatchObject({ url, email: user.email, token_source: 'session' });
  const { access_token } = session();
  const out = await machine.run(['logout', '--json']);
  expect(out.json()).toEqual({ url, logged_in: true, ended_at_server: true });
  expect(existsSync(sessionFile())).toBe(false);
  expect(await t.http('GET', '/api/auth/me', { token: access_token })).toMatchObject({ status: 401 });
  expect(await whoami({ OPSKEEP_URL: url })).toMatchObject({ code: 2, stdout: '' });
  expect(await machine.run(['logout', '--url', url])).toMatchObject({
    code: 0,
    stdout: `Nobody was logged in at ${url}.\n`,
  });
});

test('a wrong password is told, and repeated nowhere; without one there is no login', async () => {
  const wrong = await logIn('CANARY-wrong');
  expect(wrong).toMatchObject({ code: 1, stdout: '' });
  expect(wrong.stderr).toMatch(/^Wrong email, password or code/);
  expect(wrong.stderr).not.toContain('CANARY');
  expect(await logIn('')).toMatchObject({ code: 2, stdout: '' });
  expect(await machine.run(['login', '--url', url], user.password)).toMatchObject({ code: 2 });
  expect(await machine.run(['login', '--email', user.email], user.password)).toMatchObject({ code: 2 });
  for (const words of [['login', '--email', 'a@b'], ['logout']])
    expect(await machine.run([...words, '--url', 'http://u:p@x'])).toMatchObject({
      code: 2,
      stderr: '--url must be an address as https://opskeep.example.com, without a password.\n',
    });
  expect(await machine.run(['logout', '--url', 'nowhere'])).toMatchObject({ code: 2 });
  expect(await logIn(user.password, ['--password', 'CANARY'])).toMatchObject({ code: 2 });
  expect(existsSync(sessionFile())).toBe(false);
});

test('the code of a second factor is asked for when the server wants one', async () => {
  const other = await t.user();
  const factor = await enrol(t, other);
  const none = await machine.run(['login', '--url', url, '--email', other.email], other.password);
  expect(none).toMatchObject({ code: 2, stdout: '' });
  expect(none.stderr).toContain('one-time code');
  const lines = `${other.password}\n${await factor.code()}\n`;
  expect(await machine.run(['login', '--url', url, '--email', other.email], lines)).toMatchObject({
    code: 0,
  });
});

test('an access token that is over is exchanged by one of many processes, and the session goes on', async () => {
  await logIn();
  const before = session();
  age();
  // A server that is slow gives all of them the time to come in between.
  const logins = t.app.get(Logins);
  const refresh = logins.refresh.bind(logins);
  const slow = jest.spyOn(logins, 'refresh').mockImplementation(async token => {
    const tokens = await refresh(token);
    await new Promise(resolve => setTimeout(resolve, 700));
    return tokens;
  });
  const runs = await Promise.all(Array.from({ length: 6 }, () => whoami()));
  slow.mockRestore();
  expect(runs.map(one => [one.code, one.stderr])).toEqual(runs.map(() => [0, '']));
  const after = session();
  expect(after.refresh_token).not.toBe(before.refresh_token);
  const { body } = await t.http('GET', '/api/api-audit-log', { query: { actor_id: user.id, limit: '10' } });
  const actions = (body.items as Shown[]).map(one => String(one.action));
  expect(actions.filter(one => one.startsWith('auth.refresh'))).toEqual(['auth.refresh']);
  expect((await whoami()).code).toBe(0);
});

test('a token that the server does not know any more is exchanged, too', async () => {
  await logIn();
  writeFileSync(sessionFile(), JSON.stringify({ ...session(), access_token: 'eyJ.no.token' }));
  expect((await whoami()).json()).toMatchObject({ token_source: 'session' });
  expect(session().access_token).not.toBe('eyJ.no.token');
});

test('a session that was ended elsewhere says so, and what to do', async () => {
  await logIn();
  await t.http('POST', '/api/auth/logout', { token: session().access_token });
  const over = await whoami();
  expect(over).toMatchObject({ code: 1, stdout: '' });
  expect(JSON.parse(over.stderr)).toEqual({
    code: 'authentication',
    error: `The session at ${url} has ended: log in again with opskeep login`,
  });
  expect((await logIn()).code).toBe(0);
  expect((await whoami()).code).toBe(0);
});

test('a new login ends the one before, and logging out works when the token is over', async () => {
  await logIn();
  const { access_token } = session();
  await logIn();
  expect(await t.http('GET', '/api/auth/me', { token: access_token })).toMatchObject({ status: 401 });
  age();
  expect((await machine.run(['logout', '--json'])).json()).toMatchObject({ ended_at_server: true });
});

test('logging out removes the session though the server is away, and says so', async () => {
  await logIn();
  const away = 'http://127.0.0.1:1';
  writeFileSync(join(machine.state, 'login.json'), JSON.stringify({ url: away }));
  const kept = session();
  const folder = machine.server(away);
  await machine.run(['whoami']);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, 'session.json'), JSON.stringify(kept), { mode: 0o600 });
  const out = await machine.run(['logout']);
  expect(out).toMatchObject({ code: 4, stdout: `Logged out of ${away}.\n` });
  expect(out.stderr).toMatch(/The server was not told: .*not reachable/);
  expect(existsSync(join(folder, 'session.json'))).toBe(false);
  expect((await machine.run(['whoami', '--json'], '', { OPSKEEP_URL: away })).code).toBe(2);
});

test('whoami tells what an access token may do, and which clients a limited user sees', async () => {
  const { id, name } = await t.make('clients', { name: 'Grove Legal' });
  const limited = await t.user({
    client_access: 'only',
    client_ids: [id],
    scopes: ['msp:read', 'msp:write'],
  });
  const own = {
    client_id: null,
    name: 'own',
    credential_type: 'password',
    password: 'CANARY',
    service_name: 'x',
  };
  const made = await t.http('POST', '/api/credentials', { token: limited.token, body: own });
  const body = {
    name: 'backup job', scopes: ['msp:read'], resources: ['vault', 'clients'], credential_ids: [made.body.id],
    actions: ['reveal'], max_uses: 9,
  }; // prettier-ignore
  const { token } = (await t.http('POST', '/api/access-tokens', { token: limited.token, body })).body;
  const as = { OPSKEEP_URL: url, OPSKEEP_TOKEN: String(token) };
  const { stdout } = await machine.run(['whoami'], '', as);
  for (const says of [
    /^Scopes: msp:read, msp:write \(of the user/m, new RegExp(`^Clients: only ${String(name)}$`, 'm'),
    /^Access token: backup job, until .*, 8 uses left$/m, /^ {2}Scopes: msp:read$/m, /^ {2}For: vault, clients$/m,
    /^ {2}Clients: all$/m, /^ {2}Credentials that it names: 1 \(reveal\)$/m,
  ]) expect(stdout).toMatch(says); // prettier-ignore
  expect((await whoami(as)).json()).toMatchObject({ client_ids: [id], token: { scopes: ['msp:read'] } });
  const login = (await t.http('GET', '/api/auth/me', { token: limited.token })).body;
  expect([login.client_ids, login.access_token]).toEqual([[id], undefined]);
});

test('tokens come from OPSKEEP_TOKEN, else CREDENTIALS_MANAGER_TOKEN, else the session, else the configuration', async () => {
  const configuration = join(machine.config, 'config.json');
  await machine.run(['login', '--url', url, '--email', user.email], user.password);
  mkdirSync(machine.config, { recursive: true, mode: 0o700 });
  writeFileSync(configuration, JSON.stringify({ url, token: t.admin.token }), { mode: 0o600 });
  const sources = async (more: Record<string, string>) => {
    const { token_source, email } = (await whoami(more)).json();
    return [token_source, email];
  };
  const okt = await t.http('POST', '/api/access-tokens', { body: { name: 'one', scopes: ['msp:read'] } });
  const both = { OPSKEEP_TOKEN: String(okt.body.token), CREDENTIALS_MANAGER_TOKEN: user.token };
  expect(await sources(both)).toEqual(['OPSKEEP_TOKEN', t.admin.email]);
  expect(await sources({ CREDENTIALS_MANAGER_TOKEN: t.admin.token })).toEqual([
    'CREDENTIALS_MANAGER_TOKEN',
    t.admin.email,
  ]);
  expect(await sources({})).toEqual(['session', user.email]);
  await machine.run(['logout']);
  expect(await sources({})).toEqual(['configuration', t.admin.email]);
  // A session is for its server alone: variables that a project brings along lead it nowhere else.
  await logIn();
  expect((await whoami({ OPSKEEP_URL: 'http://127.0.0.1:1' })).code).toBe(2);
  const wrong = await whoami({ OPSKEEP_TOKEN: 'okt_CANARY_wrong' });
  expect(wrong.code).toBe(1);
  expect(wrong.stderr).toContain('OPSKEEP_TOKEN');
  expect(wrong.stderr).not.toContain('CANARY');
});

test('a session that others can read, or a link in its place, is not used', async () => {
  await logIn();
  chmodSync(sessionFile(), 0o644);
  const open = await whoami();
  expect(open).toMatchObject({ code: 1, stdout: '' });
  expect(open.stderr).toContain('too open');
  const text = readFileSync(sessionFile(), 'utf8');
  unlinkSync(sessionFile());
  const elsewhere = join(machine.home, 'elsewhere.json');
  writeFileSync(elsewhere, text, { mode: 0o600 });
  symlinkSync(elsewhere, sessionFile());
  expect(await whoami()).toMatchObject({ code: 1, stdout: '' });
  expect((await logIn()).code).toBe(0);
  expect(readFileSync(elsewhere, 'utf8')).toBe(text);
  expect((await whoami()).code).toBe(0);
  writeFileSync(sessionFile(), '{"access_token": 5', { mode: 0o600 });
  expect((await whoami()).code).toBe(2);
});

test('the memory takes the session where no token is configured for it; what assistants start never does', async () => {
  await logIn();
  expect(await machine.run(['remember', 'The lantern of the hall hangs low'])).toMatchObject({ code: 0 });
  expect((await machine.run(['recall', '--everywhere', 'lantern of the hall'])).stdout).toContain(
    'hangs low',
  );
  const mcp = await machine.run(['mcp'], '', { OPSKEEP_URL: url });
  expect(mcp).toMatchObject({ code: 2, stdout: '' });
  expect(mcp.stderr).toContain('No token is configured');
});

test('a full disk costs no session: the token is not exchanged where the next cannot be kept', async () => {
  await logIn();
  age();
  const kept = readFileSync(sessionFile(), 'utf8');
  const program = join(await buildClient(), 'opskeep.cjs');
  const line = `ulimit -f 1; exec ${process.execPath} ${program} whoami`;
  const full = await promisify(execFile)('sh', ['-c', line], { env: machine.environment }).catch(
    (error: { code: number; stdout: string; stderr: string }) => error,
  );
  expect(full).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('cannot be written') });
  expect(readFileSync(sessionFile(), 'utf8')).toBe(kept);
  expect((await whoami()).code).toBe(0);
});

test('at a terminal the password is asked for by who and where, unseen, and the end of the input is no login', async () => {
  const program = join(await buildClient(), 'opskeep.cjs');
  const typed = (keys: string) =>
    new Promise<{ shown: string; code: number | null }>(resolve => {
      const line = `${process.execPath} ${program} login --url ${url} --email ${user.email}`;
      const child = spawn('script', ['-qec', line, '/dev/null'], { env: machine.environment });
      let shown = '';
      child.stdout.on('data', (part: Buffer) => {
        const before = shown;
        shown += part.toString();
        if (!before.includes('Password of') && shown.includes('Password of')) child.stdin.write(keys);
      });
      child.on('close', code => resolve({ shown, code }));
    });
  const good = await typed(`${user.password}\r`);
  expect(good.code).toBe(0);
  expect(good.shown).toContain(`Password of ${user.email} at ${url}: `);
  expect(good.shown).not.toContain('CANARY');
  expect((await typed('\u0004')).code).toBe(2);
  expect((await typed('\u0003')).code).toBe(2);
});

test('who asks for more than the token of the hooks may is told to log in', async () => {
  const made = await t.http('POST', '/api/access-tokens', {
    body: { name: 'hooks', scopes: ['msp:read'], resources: ['memory'] },
  });
  mkdirSync(machine.config, { recursive: true, mode: 0o700 });
  writeFileSync(join(machine.config, 'config.json'), JSON.stringify({ url, token: made.body.token }));
  const refused = await machine.run(['credential', 'list']);
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused.stderr).toContain('opskeep login logs you in as yourself');
});
