import { readdirSync, readFileSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { checkRights } from '../src/commands/doctor/check-rights.js';
import { OPSKEEP } from '../src/commands/output.js';
import { Sequencer } from '../src/core/audit/seals/sequencer.js';
import { startApp, type TestApp } from './app.js';
import { environmentBeside, runCommand } from './harness/command.js';
import { runInside } from './harness/command-inside.js';
import { query } from './harness/query.js';

jest.setTimeout(120_000);

interface Finding {
  area: string;
  level: 'ok' | 'warning' | 'fault';
  what: string;
  mend?: string;
}
interface Report {
  ok: boolean;
  settings: { name: string; value: string; source: string }[];
  findings: Finding[];
}

/** Area, level and words of a finding. */
type Expected = [string, Finding['level'], RegExp];

let t: TestApp;
const change = (text: string, values: (string | number)[] = []) =>
  query(t.opened.settings.DATABASE_URL.reveal(), text, values);
const inKeystore = (text: string, values: (string | number)[] = []) =>
  query(t.opened.settings.KEYSTORE_DATABASE_URL.reveal(), text, values);

async function examine(more: Record<string, string> = {}, run = runInside) {
  const ran = await run({ ...environmentBeside(t), ...more }, ['admin', 'doctor', '--json']);
  return { ...ran, report: ran.json<Report>() };
}

const odd = ({ findings }: Report) => findings.filter(one => one.level !== 'ok');

beforeAll(async () => {
  t = await startApp();
  await t.make('infrastructure', { site_id: (await t.make('sites')).id });
  await t.make('credentials');
  await t.make('credentials', { client_id: null, visibility: 'pool' });
  const user = await t.user();
  await t.http('POST', '/api/auth/totp/enroll', {
    token: user.token,
    body: { password: user.password },
  });
});
afterAll(() => t.close());

test('nothing is wrong with a fresh installation; its secrets are masked', async () => {
  const { code, report, stdout, stderr } = await examine({}, runCommand);
  expect(odd(report)).toEqual([]);
  // A machine that is busy tells how far it is.
  const said = stderr.replace(/^[\w ]+: \d+ of \d+ .*\n/gm, '');
  expect({ code, ok: report.ok, said }).toEqual({ code: 0, ok: true, said: '' });
  const told = report.findings.map(one => one.what).join('\n');
  expect(told).toMatch(/credential_secrets\.sealed: [1-9]\d* sealed values/);
  expect(told).toMatch(/users\.totp_sealed: [1-9]\d* sealed values/);
  const { settings } = t.opened;
  for (const secret of [settings.API_KEY_MASTER_KEY?.reveal(), settings.JWT_SECRET_KEY?.reveal()])
    expect(stdout).not.toContain(secret);
  const password =
    URL.canParse(settings.DATABASE_URL.reveal()) && new URL(settings.DATABASE_URL.reveal()).password;
  if (password) expect(stdout).not.toContain(password);
  const value = (name: string) => report.settings.find(one => one.name === name);
  expect(value('API_KEY_MASTER_KEY')).toMatchObject({ value: '***', source: 'environment' });
  expect(value('PORT')).toMatchObject({ value: '8000', source: 'default' });
});

test('another master key is named by its id, and nothing else is believed', async () => {
  const other = randomBytes(32).toString('hex');
  const { code, report, stdout } = await examine({ API_KEY_MASTER_KEY: other });
  expect(code).toBe(1);
  expect(odd(report).some(one => one.area === 'keys' && one.what.includes('does not fit'))).toBe(true);
  expect(odd(report).some(one => one.area === 'secrets')).toBe(true);
  expect(stdout).not.toContain(other);
});

test('a master key that is missing is the one thing to mend, and no command makes another', async () => {
  const lost = { API_KEY_MASTER_KEY: '' };
  const { code, report } = await examine(lost);
  expect(code).toBe(1);
  expect(odd(report)).toEqual([
    {
      area: 'keys',
      level: 'fault',
      what: expect.stringMatching(/master\.key is missing/),
      mend: expect.any(String),
    },
  ]);
  const listed = await runInside({ ...environmentBeside(t), ...lost }, ['admin', 'user', 'list']);
  expect(listed).toMatchObject({ code: 1, stdout: '' });
  expect(listed.stderr).toMatch(/master\.key is missing.*put it back/);
  expect(readdirSync(t.opened.settings.OPSKEEP_DATA)).not.toContain('master.key');
});

test('rights that were changed behind the trail are found in each place that gives some', async () => {
  const { client_id, id: credential } = await t.make('credentials');
  const user = (await t.user({ client_access: 'only', client_ids: [client_id as string] })).id;
  const token = (await t.make('access-tokens', { credential_ids: [credential], actions: ['totp'] })).id;
  const hook = (await t.make('webhooks')).id;
  const check = () => checkRights({ main: t.opened.database });
  const asItIs = await check();
  expect(asItIs).toMatchObject([{ level: 'ok', what: expect.stringMatching(/hashes .* are not looked at/) }]);
  const other = JSON.stringify([randomUUID()]);
  const planted: [string, string, string, string | number | null][] = [
    ['users', user, 'client_ids', other],
    ['access_tokens', token, 'scopes', '["msp:admin"]'],
    ['access_tokens', token, 'resources', '["sites"]'],
    ['access_tokens', token, 'credential_ids', other],
    ['access_tokens', token, 'actions', '["reveal"]'],
    ['access_tokens', token, 'client_access', 'except'],
    ['access_tokens', token, 'client_ids', other],
    ['access_tokens', token, 'cidrs', '["10.0.0.0/8"]'],
    ['access_tokens', token, 'max_uses', 7],
    ['access_tokens', token, 'user_id', user],
    ['access_tokens', token, 'expires_at', '2036-01-01 00:00:00.000'],
    ['access_tokens', token, 'revoked_at', '2026-01-01 00:00:00.000'],
    ['credentials', credential, 'owner_id', user],
    ['credentials', credential, 'visibility', 'pool'],
    ['credentials', credential, 'reveal_policy', 'reason'],
    ['webhooks', hook, 'user_id', user],
    ['webhooks', hook, 'url', 'https://evil.example/'],
  ];
  for (const [table, id, field, value] of planted) {
    const [before] = await t.sql<Record<string, string>>(`SELECT ${field} FROM ${table} WHERE id = ?`, [id]);
    const put = (now: unknown) =>
      t.opened.database.connections.commitOne(`UPDATE ${table} SET ${field} = ? WHERE id = ?`, [now as never, id]);
    await put(value);
    const what = expect.stringMatching(`^${table}: 1 row .${id}. with rights`) as string;
    expect([field, await check()]).toMatchObject([field, [{ level: 'fault', what }]]);
    await put(before?.[field] ?? null);
  }
  expect(await check()).toEqual(asItIs);
}); // prettier-ignore

test('lists that are longer than an entry holds are told apart', async () => {
  const { id } = await t.user({ client_access: 'only' });
  for (const half of ['one', 'other']) {
    const items = Array.from({ length: 400 }, (_, n) => ({ name: `Long ${half} ${n}` }));
    expect((await t.http('POST', '/api/clients/bulk', { body: { items } })).status).toBe(200);
  }
  const all = (await t.sql<{ id: string }>("SELECT id FROM clients WHERE name LIKE 'Long %'")).map(
    one => one.id,
  );
  const give = (client_ids: string[]) => t.http('PATCH', `/api/users/${id}`, { body: { client_ids } });
  for (const list of [all, all.toReversed()]) expect((await give(list)).status).toBe(200);
  const what = expect.stringMatching(`^users: 1 row .${id}. with lists that are longer`) as string;
  const check = () => checkRights({ main: t.opened.database });
  expect(await check()).toMatchObject([{ level: 'warning', what }]);
  await give([]);
  expect(await check()).toMatchObject([{ level: 'ok' }]);
});

test('everything that was planted is found, each with the way to mend it', async () => {
  const sqlite = t.opened.database.dialect === 'sqlite';
  const other = await t.make('clients');
  const site = await t.make('sites', { client_id: other.id });
  await t.make('sessions', { project_id: (await t.make('projects')).id });
  for (const client_id of [other.id, undefined]) await t.make('billable-time', { client_id });
  const data = t.opened.settings.OPSKEEP_DATA;
  await chmod(join(data, 'jwt.key'), 0o644);
  await change(`DROP INDEX ix_clients_status${sqlite ? '' : ' ON clients'}`);
  await change('DROP TRIGGER journal_no_delete');
  await change('DROP TRIGGER journal_no_update');
  // It lets the sequencer go on: what it left unsealed would be one more fault, on a machine that is slow.
  const raise = sqlite
    ? "BEGIN SELECT RAISE(ABORT, 'no'); END"
    : "IF OLD.seq IS NOT NULL THEN SIGNAL SQLSTATE '45000'; END IF";
  const each = sqlite ? "WHEN OLD.seq IS NOT NULL AND OLD.actor_name <> 'CANARY'" : 'FOR EACH ROW';
  await change(`CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal ${each} ${raise}`);
  if (sqlite)
    for (const file of ['opskeep.sqlite', 'opskeep.sqlite-wal']) await chmod(join(data, file), 0o640);
  await change('UPDATE infrastructure SET site_id = ?', [site.id]);
  await change('UPDATE sessions SET client_id = NULL');
  await change("UPDATE billable_time SET status = 'billed', invoice_ref = 'CANARY-7'");
  await change('UPDATE credentials SET site_id = ? WHERE client_id IS NULL', [site.id]);
  const sealed = await query<{ id: string; sealed: string }>(
    t.opened.settings.DATABASE_URL.reveal(),
    'SELECT id, sealed FROM credential_secrets WHERE sealed IS NOT NULL',
  );
  await change('UPDATE credential_secrets SET sealed = ? WHERE id = ?', [sealed[0]!.sealed, sealed[1]!.id]);
  const gone = randomUUID();
  await inKeystore(
    'INSERT INTO data_keys (id, owner_kind, owner_id, version, state, wrapped, kek_id, created_at) ' +
      "SELECT ?, owner_kind, ?, version, state, wrapped, kek_id, created_at FROM data_keys WHERE owner_kind = 'client' LIMIT 1",
    [randomUUID(), gone],
  );
  const notes: string[] = [];
  for (const content of ['found', 'not found', 'gone', 'without terms'])
    notes.push((await t.make('context-snippets', { content })).id);
  const [, hidden, lost, wordless] = notes as [string, string, string, string];
  const numbered = (id: string) =>
    `DELETE FROM recall_index WHERE ${sqlite ? 'rowid' : 'n'} IN (SELECT n FROM recall_entries WHERE row_id = '${id}')`;
  await change(numbered(hidden));
  await change('DELETE FROM recall_entries WHERE row_id = ?', [hidden]);
  await change('DELETE FROM context_snippets WHERE id = ?', [lost]);
  await change(numbered(wordless));
  const claimed = randomUUID();
  await change(
    'INSERT INTO memory_events (id, user_id, event_key, created_at) VALUES (?, ?, ?, (SELECT created_at FROM users WHERE id = ?))',
    [claimed, t.admin.id, 'never-finished', t.admin.id],
  );
  await change('DELETE FROM search_terms WHERE row_id = ?', [site.id]);
  await change(
    'INSERT INTO offboardings (id, client_id, begun_at, reason, keys_destroyed, credentials, secrets, approvals) ' +
      "SELECT id, id, created_at, 'cut off', 0, 0, 0, 0 FROM clients WHERE id = ?",
    [other.id],
  );
  const grant = await t.make('credential-permissions');
  await change("UPDATE credential_permissions SET level = 'manage' WHERE id = ?", [grant.id]);
  await change('UPDATE users SET is_active = 0');
  await t.app.get(Sequencer).sealNow();

  const { code, report } = await examine();
  expect(code).toBe(1);
  const found = odd(report);
  const expected: Expected[] = [
    ['files', 'fault', /jwt\.key is open to others \(644\)/],
    ['schema', 'fault', /ix_clients_status/],
    ['audit', 'fault', /journal_no_delete .* is missing/],
    ['audit', 'fault', /journal_no_update .* is not as a migration has made it/],
    ...(sqlite ? [['files', 'fault', /opskeep\.sqlite is open to others \(640\)/] as Expected] : []),
    ...(sqlite ? [['files', 'fault', /opskeep\.sqlite-wal is open to others \(640\)/] as Expected] : []),
    ['rows', 'fault', /infrastructure: 1 row .* another client than their site_id/],
    ['rows', 'fault', /^sessions: 1 row .* without a client, though their project_id has one/],
    ['rows', 'fault', /^credentials: 1 row .* without a client, though their site_id has one/],
    ['rows', 'warning', /1 invoice \(CANARY-7\) of several clients or in several currencies/],
    ['rows', 'warning', new RegExp(`off-boarding of 1 client \\(${other.id}\\) was begun`)],
    ['rows', 'fault', /no active administrator/],
    [
      'rights',
      'fault',
      new RegExp(`^credential_permissions: 1 row \\(${grant.id}\\) with rights that the trail`),
    ],
    ['rights', 'fault', /^users: \d+ rows? .* with rights that the trail does not tell of/],
    ['memory', 'fault', new RegExp(`^context_snippets: 1 row \\(${hidden}\\) that recall does not find`)],
    ['memory', 'fault', new RegExp(`1 entry \\(${lost}\\) of context_snippets whose row is gone`)],
    ['memory', 'fault', new RegExp(`1 entry \\(${wordless}\\) without terms`)],
    ['memory', 'fault', new RegExp(`1 event \\(${claimed}\\) taken`)],
    ['search', 'fault', new RegExp(`^sites: 1 row \\(${site.id}\\) that search does not find`)],
    ['search', 'fault', /^billable_time: 2 rows .* with other terms than their texts have/],
    ['search', 'fault', new RegExp(`1 row \\(${lost}\\) of context_snippets that are gone`)],
    ['secrets', 'fault', new RegExp(`credential_secrets.sealed: 1 value \\(${sealed[1]!.id}\\)`)],
    ['keys', 'warning', new RegExp(gone)],
    ['keys', 'fault', /1 key \([\w-]+\) cannot be unwrapped/],
  ];
  for (const [area, level, what] of expected)
    expect(found).toContainEqual({
      area,
      level,
      what: expect.stringMatching(what) as string,
      mend: expect.stringMatching(/\w/) as string,
    });
  expect(found).toHaveLength(expected.length);
});

test('every command that is advised exists, in the doctor and in the pages', async () => {
  const folder = 'src/commands/doctor';
  const pages = readdirSync('docs').filter(name => name.endsWith('.md'));
  const told = [...readdirSync(folder).map(name => join(folder, name)), 'README.md', ...pages.map(name => join('docs', name))]; // prettier-ignore
  const texts = told.map(path => readFileSync(path, 'utf8').replaceAll('${OPSKEEP}', OPSKEEP));
  const advised = texts.flatMap(text =>
    [...text.matchAll(/opskeep -- (admin(?: [a-z]+(?:-[a-z]+)*(?![\w@-]))+)/g)].map(found => found[1] ?? ''),
  );
  expect(advised.length).toBeGreaterThan(6);
  for (const words of new Set(advised)) {
    const { code, stdout } = await runInside(environmentBeside(t), [...words.split(' '), '--help']);
    expect({ words, code }).toEqual({ words, code: 0 });
    expect(stdout).toContain(`Usage: opskeep ${words} `);
  }
});

test('a pending migration is named with the command that runs it', async () => {
  await change("DELETE FROM migrations WHERE name LIKE 'Clients%'");
  const { report } = await examine();
  const schema = odd(report).find(one => one.area === 'schema');
  expect(schema?.what).toContain('pending: Clients');
  expect(schema?.mend).toBe('npm run --silent opskeep -- admin migrate run');
});

test('an entry that is not to be read does not end the check of rights', async () => {
  const asItIs = await checkRights({ main: t.opened.database });
  for (const changes of ['{"scopes": [', 'null', '{"scopes": 7, "truncated": true}'])
    await change(
      'INSERT INTO journal (id, at, actor_type, action, resource_type, resource_id, outcome, changes, mac, mac_key_version) ' +
        `SELECT ?, at, actor_type, 'user.update', 'user', ?, outcome, '${changes}', mac, mac_key_version FROM journal WHERE n = 1`,
      [randomUUID(), t.admin.id],
    );
  expect(await checkRights({ main: t.opened.database })).toEqual(asItIs);
});
