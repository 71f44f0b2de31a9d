import { candidatesIn, isHardToGuess } from '../src/formats/redaction/candidates.js';
import { type Shown, startApp, type TestApp } from './app.js';

/** No shape tells of these: what masks them is the vault. */
const HARD = 'CANARYx7Qp2Rz9Lm4Vt8';
const WEAK = 'CANARYWinter2026';
const OLD = 'k3CANARYm8Wq5Zt1Xr6';
const WORDS = 'CANARY lantern orbit velvet';

let t: TestApp;
let acme: string;
let contoso: string;
/** Sees the first client, and may reveal its secrets. */
let tech: string;
/** Sees the first client alone. */
let only: string;
let hard: string;

beforeAll(async () => {
  t = await startApp();
  acme = (await t.make('clients', { name: 'Acme' })).id;
  contoso = (await t.make('clients', { name: 'Contoso' })).id;
  const secret = (client_id: string, password: string) =>
    t.make('credentials', { client_id, credential_type: 'password', service_name: 'Firewall', password });
  hard = (await secret(contoso, HARD)).id;
  await secret(contoso, WEAK);
  const rotated = await secret(contoso, OLD);
  await t.http('POST', `/api/credentials/${rotated.id}/rotate`, { body: { length: 32 } });
  await secret(acme, `${WEAK}-acme`);
  await secret(acme, WORDS);
  const one = await t.user({ scopes: ['msp:read', 'msp:write'], client_access: 'only', client_ids: [acme] });
  tech = one.token;
  await t.http('POST', '/api/credential-permissions', {
    body: { client_id: acme, user_id: one.id, level: 'reveal' },
  });
  only = (await t.user({ scopes: ['msp:read', 'msp:write'], client_access: 'only', client_ids: [acme] }))
    .token;
});
afterAll(() => t.close());

const write = async (content: string, token?: string): Promise<unknown> => {
  const body = { client_id: acme, category: 'fact', content };
  return (await t.http('POST', '/api/context-snippets', { body, token })).body.content;
};

it.each([
  ['a word', `it is ${HARD} here`],
  ['a word in punctuation', `(it is "${HARD}").`],
  ['behind a name', `login=admin;x=${HARD},y=1`],
  ['an old value', `before: ${OLD}`],
])('masks what the vault knows of any client, for everybody: %s', async (_what, text) => {
  for (const token of [undefined, tech, only]) {
    const stored = String(await write(text, token));
    expect(stored).toContain('[redacted:');
    expect(stored).not.toContain('CANARY');
  }
});

it('masks what may be guessed for who may reveal it, and tells nobody else of a guess', async () => {
  expect(await write(`${WEAK}-acme opens it`, tech)).toBe('[redacted:vault] opens it');
  expect(await write(`${WEAK} opens it`)).toBe('[redacted:vault] opens it');
  // Neither of another client, nor of the own one without a right to it.
  expect(await write(`${WEAK} opens it`, tech)).toBe(`${WEAK} opens it`);
  expect(await write(`${WEAK}-acme opens it`, only)).toBe(`${WEAK}-acme opens it`);
  expect(await write(`The words\n${WORDS}\nopen it`, tech)).toBe('The words\n[redacted:vault]\nopen it');
});

it('knows private secrets for their owner, and for who has a grant', async () => {
  const [owner, friend, other] = await Promise.all([t.user(), t.user(), t.user()]);
  const password = 'CANARYq8Zw3Kd7Xn5Bv2';
  const made = await t.http('POST', '/api/credentials', {
    token: owner.token,
    body: { credential_type: 'password', service_name: 'Own', visibility: 'private', password },
  });
  await t.http('POST', '/api/credential-permissions', {
    token: owner.token,
    body: { credential_id: made.body.id, user_id: friend.id, level: 'reveal' },
  });
  expect(await write(`use ${password}`, owner.token)).toBe('use [redacted:vault]');
  expect(await write(`use ${password}`, other.token)).toBe(`use ${password}`);
  const limited = await t.user({ scopes: ['msp:read', 'msp:write'] });
  await t.http('POST', '/api/credential-permissions', {
    token: owner.token,
    body: { credential_id: made.body.id, user_id: limited.id, level: 'reveal' },
  });
  expect(await write(`use ${password}!`, limited.token)).toBe('use [redacted:vault]!');
});

it('masks each field of each room that masks, and every event, also by an access token', async () => {
  const made = await t.http('POST', '/api/access-tokens', {
    token: tech,
    body: { name: 'hook', scopes: ['msp:read', 'msp:write'], resources: ['memory'] },
  });
  const { token } = made.body as unknown as { token: string };
  const kinds = ['turn', 'tool', 'stop', 'compact', 'checkpoint', 'note'];
  const said = `x ${HARD} y ${WEAK}-acme z`;
  const events = kinds.map((kind, n) => ({
    key: `masked-${n}`, kind, at: `2026-03-04T10:0${n}:00Z`, session_key: said, speaker: 'user', text: `${n} ${said}`, title: said,
    tags: [HARD], git: { branch: HARD, changed_files: [said] }, project: { name: said, path: said },
  })); // prettier-ignore
  const answer = await t.http('POST', '/api/memory/events', { body: { events }, token });
  expect((answer.body as unknown as { stored: number }).stored).toBe(6);
  const session_id = (await t.make('sessions', { client_id: acme, title: 'One' })).id;
  await t.make('commands-run', { session_id, command_text: `tool --with ${HARD}`, output_summary: said });
  const items = Array.from({ length: 20 }, (_, n) => ({
    client_id: acme, session_key: 'bulk', at: '2026-03-04T10:00:00Z', speaker: 'user', sequence: n, text: `${n} ${said}`,
  })); // prettier-ignore
  await t.http('POST', '/api/conversation-turns/bulk', { body: { items } });
  const tables = ['conversation_turns', 'conversation_contexts', 'context_snippets', 'projects', 'project_states', 'tags', 'commands_run', 'decision_logs', 'journal', 'memory_events']; // prettier-ignore
  for (const table of tables) {
    const rows = JSON.stringify(await t.sql(`SELECT * FROM ${table}`));
    expect([table, rows.includes(HARD), rows.includes(`${WEAK}-acme z`)]).toEqual([table, false, false]);
  }
});

it('puts what was masked on the trail of its credential', async () => {
  await write(`once more ${HARD}`, only);
  const { items } = (await t.http('GET', `/api/credential-audit-logs/by-credential/${hard}`)).body;
  expect(items.filter(one => one.action === 'mask').length).toBeGreaterThan(0);
  const writer = await t.user({ scopes: ['msp:read', 'msp:write'] });
  expect(await write(`and again ${HARD}`, writer.token)).toContain('[redacted:vault]');
  const told = await t.http('GET', '/api/credential-audit-logs', { token: writer.token });
  expect([told.status, told.body.items]).toEqual([200, []]);
});

it('forgets the value of a credential that is gone', async () => {
  const password = 'CANARYr5Tg8Yh2Uj7Ik4';
  const made = await t.make('credentials', {
    client_id: acme, credential_type: 'password', service_name: 'Gone', password,
  }); // prettier-ignore
  expect(await write(`was ${password}`)).toBe('was [redacted:vault]');
  await t.http('DELETE', `/api/credentials/${made.id}`);
  expect(await write(`was ${password}`)).toBe(`was ${password}`);
});

describe('the texts of a credential', () => {
  const own = 'CANARY-nas-7';
  const told = (password: string) => ({
    service_name: `NAS ${password}`, username: `svc+${password}`, name: `nas/${password}`, notes: `log in with ${password}`,
    external_url: `https://admin:${encodeURIComponent(password)}@nas.example/`, internal_url: `http://nas.local/?p=${password}`,
  }); // prettier-ignore
  const make = async (body: object) => {
    const answer = await t.http('POST', '/api/credentials', { body: { client_id: acme, ...body } });
    expect(answer.status).toBe(201);
    return answer.body as Shown;
  };
  const openOf = async (id: string) =>
    JSON.stringify(await t.sql('SELECT service_name, username, name, notes, external_url, internal_url FROM credentials WHERE id = ?', [id])); // prettier-ignore
  const patch = async (id: string, body: object, token?: string) =>
    (await t.http('PATCH', `/api/credentials/${id}`, { body, token })).body;

  it('hold none of its secrets, whichever way these are written', async () => {
    const { id, version } = await make({ credential_type: 'password', password: own, ...told(own) });
    const stored = await openOf(id);
    expect([stored.includes(own), stored.split('[redacted:vault]').length - 1]).toEqual([false, 6]);
    expect((await t.http('GET', `/api/credentials/${id}`)).body.password).toBe(own);
    // What was read can be sent back.
    const [row] = await t.sql('SELECT service_name, username, name, notes, external_url, internal_url FROM credentials WHERE id = ?', [id]); // prettier-ignore
    expect((await patch(id, row as object)).version).toBe(version);
    expect((await patch(id, { notes: `still ${own}` })).notes).toBe('still [redacted:vault]');
    await patch(id, { notes: 'the next is CANARY-nas-8', password: 'CANARY-nas-8' });
    expect((await patch(id, { notes: 'soon CANARY-nas-9' })).notes).toBe('soon CANARY-nas-9');
    await t.http('POST', `/api/credentials/${id}/rotate`, { body: { value: 'CANARY-nas-9' } });
    expect(await openOf(id)).not.toContain('CANARY-nas');
    const items = [{ client_id: acme, credential_type: 'password', password: own, ...told(own) }];
    await t.http('POST', '/api/credentials/bulk', { body: { items } });
    expect(JSON.stringify(await t.sql('SELECT * FROM credentials'))).not.toContain('CANARY-nas');
    expect(JSON.stringify(await t.sql('SELECT * FROM journal ORDER BY n DESC LIMIT 1'))).not.toContain(own);
  });

  it('hold no part of one that is a secret by itself', async () => {
    const connection_string = 'postgres://app:CANARY%2Fdb-1@db.example/x';
    const { id } = await make({ credential_type: 'connection_string', service_name: 'Database', connection_string, notes: 'app / CANARY/db-1' }); // prettier-ignore
    expect(await openOf(id)).toContain('app / [redacted:vault]');
    const short = { credential_type: 'password', service_name: 'Old', password: 'abc12' };
    expect(
      await make({ ...short, external_url: 'http://a:abc12@old.example/', notes: 'abc12' }),
    ).toMatchObject({
      external_url: 'http://a:[redacted:vault]@old.example/',
      notes: 'abc12',
    });
  });

  it('keep words, and names that are a secret which anybody guesses', async () => {
    const body = {
      credential_type: 'password',
      service_name: 'Firewall',
      password: 'Firewall',
      notes: 'Firewall',
    };
    expect(await make(body)).toMatchObject({ service_name: 'Firewall', notes: 'Firewall' });
    const kiosk = {
      credential_type: 'password',
      service_name: 'Kiosk',
      username: 'kiosk-01',
      password: 'kiosk-01',
    };
    const { id, username } = await make({ ...kiosk, notes: 'as kiosk-01' });
    expect(username).toBe('kiosk-01');
    expect(await patch(id, { username, notes: 'kiosk-01' })).toMatchObject({
      username,
      notes: '[redacted:vault]',
    });
    const token = 'ghq_7Qp2Rz9Lm4Vt8';
    expect((await make({ ...kiosk, username: token, password: token })).username).toBe('[redacted:vault]');
  });

  it('tell nobody who must give a reason whether a guess is right', async () => {
    const { id } = await make({ credential_type: 'password', service_name: 'Safe', password: own, reveal_policy: 'reason' }); // prettier-ignore
    const manager = await t.user({
      scopes: ['msp:read', 'msp:write'],
      client_access: 'only',
      client_ids: [acme],
    });
    await t.http('POST', '/api/credential-permissions', {
      body: { credential_id: id, user_id: manager.id, level: 'manage' },
    });
    expect((await patch(id, { notes: `is it ${own}` }, manager.token)).notes).toBe(`is it ${own}`);
  });
});

it.each(['Winter2026!Acme', 'Password1234567', 'correct-horse-battery-staple', 'firewall-acme-2026', 'aaaaaaaaaaaa1B!', '00000000-1111-2222', 'Sommer.2025.Sommer'])(
  'may be guessed: %s', text => expect(isHardToGuess(text)).toBe(false),
); // prettier-ignore
it.each([HARD, OLD, 'x9$Kp!2vQ8@zL4', '9f86d081884c7d659a2feaa0c55ad015'])(
  'cannot be guessed: %s', text => expect(isHardToGuess(text)).toBe(true),
); // prettier-ignore

it('takes little time for much of anything', () => {
  for (const text of ['"'.repeat(200_000), 'a=b:'.repeat(60_000), 'x1-'.repeat(80_000), ' '.repeat(250_000), '\n'.repeat(250_000), `${'ab1 '.repeat(60_000)}`]) {
    const began = process.cpuUsage();
    candidatesIn(text);
    expect(process.cpuUsage(began).user / 1000).toBeLessThan(1_000);
  }
}); // prettier-ignore
