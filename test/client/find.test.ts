import { KINDS } from '../../src/client/naming/kinds.js';
import { allResources } from '../../src/core/resource/resource.js';
import { type Shown, startApp, type TestApp } from '../app.js';
import { type Machine, makeMachine } from './machine.js';

jest.setTimeout(180_000);

let t: TestApp;
let machine: Machine;
let acme: Shown;
beforeAll(async () => {
  t = await startApp();
  machine = await makeMachine({ url: await t.listen(), token: t.admin.token });
  acme = await t.make('clients', { name: 'Lantern Works' });
});
afterAll(async () => {
  machine.remove();
  await t.close();
});

const find = (args: string[], more = {}) => machine.run(['find', ...args], '', more);

test('every list of the server that has q= is known by its name', () => {
  const searched = allResources().filter(one => one.fields.some(field => field.search));
  expect(KINDS.map(one => one.path).sort()).toEqual(searched.map(one => one.path).sort());
  for (const { path, called, client } of KINDS) {
    const names = new Set(searched.find(one => one.path === path)?.fields.map(field => field.name));
    for (const name of called) expect([path, name, names.has(name)]).toEqual([path, name, true]);
    expect([path, names.has('client_id')]).toEqual([path, client !== false]);
  }
});

test('what is found is told with its kind, id and client; no values, and no way around rights', async () => {
  const rows = await Promise.all([
    t.make('sites', { name: 'Lantern hall', client_id: acme.id }),
    t.make('tasks', { title: 'Hang the LANTERN', client_id: acme.id }),
    t.make('context-snippets', { title: 'Where lanterns are', content: 'In the cellar', client_id: acme.id }),
    t.make('credentials', {
      name: 'lantern',
      service_name: 'Shop',
      client_id: acme.id,
      credential_type: 'password',
      password: 'CANARY lantern',
    }),
  ]);
  const told = await find(['lantern']);
  expect(told).toMatchObject({ code: 0, stderr: '' });
  for (const { id } of [acme, ...rows]) expect(told.stdout).toContain(String(id));
  expect(told.stdout).toMatch(/^KIND +ID +NAME +CLIENT +DETAIL\n[^]*\nclient /);
  expect(told.stdout).toMatch(/task +[0-9a-f-]{36} +Hang the LANTERN +Lantern Works/);
  expect(told.stdout).not.toContain('CANARY');
  expect((await find(['CANARY', 'lantern'])).code).toBe(3);
  const some = await find(['lantern', '--kind', 'tasks', '--kind', 'site', '--json']);
  expect(some.json<Shown[]>().map(one => one.resource)).toEqual(['sites', 'tasks']);
  const other = await t.make('clients', { name: 'Other' });
  expect(await find(['lantern', '--client', String(other.id)])).toMatchObject({
    code: 3,
    stdout: '',
    stderr: 'Nothing was found.\n',
  });
  const blind = await t.user({ client_access: 'only', client_ids: [String(other.id)], scopes: ['msp:read'] });
  expect(await find(['lantern'], { OPSKEEP_TOKEN: blind.token })).toMatchObject({ code: 3, stdout: '' });
});

test('each word stands in what is found or in the name of its client, in any order and case', async () => {
  const kestrel = await t.make('clients', { name: 'Kestrel Falconry' });
  const heron = await t.make('clients', { name: 'Heron' });
  await t.make('tasks', { title: 'Replace the Firewall', client_id: kestrel.id });
  await t.make('tasks', { title: 'Firewall of Heron', client_id: heron.id });
  await t.make('tasks', { title: 'Call back', description: 'About the gateway', client_id: kestrel.id });
  const names = async (...words: string[]) => {
    const told = await find([...words, '--kind', 'tasks', '--kind', 'clients', '--json']);
    return told.code === 3 ? [] : told.json<Shown[]>().map(one => one.name);
  };
  expect(await names('KESTREL', 'firewall')).toEqual(['Replace the Firewall']);
  expect(await names('fire kestrel')).toEqual(['Replace the Firewall']);
  expect(await names('falconry', 'call')).toEqual(['Call back']);
  expect(await names('gateway', 'call')).toEqual(['Call back']);
  expect(await names('heron', 'replace')).toEqual([]);
  expect(await names('falconry', 'kestrel')).toEqual(['Kestrel Falconry']);
  expect((await find(['kestrel', 'firewall', '--client', 'Heron'])).code).toBe(3);
});

test('what the token may not see is left out silently, and a failure is one', async () => {
  const made = await t.http('POST', '/api/access-tokens', {
    body: { name: 'tasks alone', scopes: ['msp:read'], resources: ['tasks'] },
  });
  const told = await find(['lantern', '--json'], { OPSKEEP_TOKEN: String(made.body.token) });
  expect(told).toMatchObject({ code: 0, stderr: '' });
  expect(told.json<Shown[]>().map(one => one.resource)).toEqual(['tasks']);
  await t.change('ALTER TABLE sites RENAME TO sites_away');
  try {
    expect(await find(['lantern', '--json'])).toMatchObject({ code: 1, stdout: '' });
  } finally {
    await t.change('ALTER TABLE sites_away RENAME TO sites');
  }
  expect(await find(['lantern'], { OPSKEEP_URL: 'http://127.0.0.1:1' })).toMatchObject({
    code: 4,
    stdout: '',
  });
  expect(await find(['lantern'], { OPSKEEP_TOKEN: 'okt_wrong' })).toMatchObject({ code: 1, stdout: '' });
  expect(await find(['lantern', '--kind', 'nonsense'])).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(/^There is no kind nonsense\. .*clients, .*credentials, /),
  });
  expect(await find(['x'.repeat(201)])).toMatchObject({ code: 2 });
  expect(await find(['x', '--limit', '101'])).toMatchObject({ code: 2 });
  expect((await find(['***'])).stderr).toMatch(/must have a letter or a digit/);
});

test('a kind is named as the table prints it, or as the list is called, with spaces or without', async () => {
  const { id: client_id } = await t.make('clients', { name: 'Harbour Nas' });
  await t.make('credentials', { client_id, service_name: 'nas' });
  await t.make('pending-tasks', { client_id, title: 'A bigger nas' });
  await t.make('webhooks', { description: 'Tells the nas' });
  const shown = await find(['nas', '--json']);
  const kinds = new Set((JSON.parse(shown.stdout) as { kind: string }[]).map(one => one.kind));
  expect(kinds).toEqual(new Set(['client', 'credential', 'pending task', 'webhook']));
  for (const name of [
    'credential',
    'Credentials',
    'pending task',
    'pending_task',
    'pending-tasks',
    'webhook',
  ])
    expect([name, (await find(['--kind', name, 'nas'])).code]).toEqual([name, 0]);
});

test('of many there are some, and it says that there are more', async () => {
  for (let n = 0; n < 3; n++) await t.make('tags', { name: `many-${n}` });
  const told = await find(['many-', '--limit', '2']);
  expect(told.stdout.trim().split('\n')).toHaveLength(3);
  expect(told.stderr).toContain('There are more of: tags.');
});

test('of very many that have a word, the few with a further one are found, and where not all were looked at is told', async () => {
  const bulk = (count: number) =>
    t.http('POST', '/api/tasks/bulk', {
      body: { items: Array.from({ length: count }, (_, n) => ({ title: `Zebrafinch number ${n}` })) },
    });
  for (let n = 0; n < 2; n++) expect((await bulk(1_000)).status).toBe(200);
  await t.make('tasks', { title: 'Zebrafinch of the Okapi' });
  const kinds = ['--kind', 'tasks'];
  expect(await find(['okapi', 'zebrafinch', ...kinds])).toMatchObject({
    code: 0,
    stderr: '',
    stdout: expect.stringContaining('Zebrafinch of the Okapi'),
  });
  expect(await find(['zebrafinch', 'quokka', ...kinds])).toMatchObject({ code: 3, stdout: '' });
  const told = await find(['zebrafinch', ...kinds]);
  expect(told.stderr).toMatch(/^There are more of: tasks\.[^]*\nOf tasks not every row was looked at/);
});
