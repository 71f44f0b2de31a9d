import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MANIFEST, type Manifest } from '../../src/operations/data-folders/folder-format.js';
import { ADMIN_PASSWORD, startApp, type TestApp } from '../app.js';
import { databasesOf, elsewhere, inside } from '../harness/backing-up.js';
import { exported, imported } from '../harness/data-folders.js';
import type { FreshDatabase } from '../harness/database.js';
import { query } from '../harness/query.js';
import { ResourceRegistry } from '../../src/core/resource/resource-registry.js';
import { Passwords } from '../../src/core/access/factors/passwords.js';
import { FirstAdminMaker } from '../../src/core/start/first-admin.js';
import { User } from '../../src/core/access/user.entity.js';
import { Rows } from '../../src/core/table/rows.js';

jest.setTimeout(120_000);

let t: TestApp;
let place: string;
let lite: FreshDatabase;
let count = 0;
beforeAll(async () => {
  t = await startApp();
  place = await mkdtemp(join(tmpdir(), 'opskeep-data-'));
  for (let n = 0; n < 3; n++) await t.make('sites');
  await t.make('contacts', { site_id: (await t.make('sites')).id });
  await exported(t, join(place, 'whole'));
  lite = await databasesOf('sqlite');
  // Its schema, and nothing else.
  await inside(elsewhere(t, lite), () => Promise.resolve());
});
afterAll(async () => {
  await t.close();
  await lite.drop();
  await rm(place, { recursive: true, force: true });
});

const sum = (text: string) => createHash('sha256').update(text).digest('hex');

/** A folder that was changed: its files, and what its manifest says of them when `isTrue`. */
async function changed(
  change: Record<string, (text: string) => string>,
  manifest: (one: Manifest) => void = () => undefined,
  isTrue = true,
): Promise<string> {
  const folder = join(place, `changed-${++count}`);
  await cp(join(place, 'whole'), folder, { recursive: true });
  const said = JSON.parse(await readFile(join(folder, MANIFEST), 'utf8')) as Manifest;
  for (const [name, edit] of Object.entries(change)) {
    const text = edit(await readFile(join(folder, name), 'utf8'));
    await writeFile(join(folder, name), text);
    const file = said.files.find(one => one.file === name)!;
    if (isTrue)
      Object.assign(file, { size: Buffer.byteLength(text), checksum_sha256: sum(text), rows: text.split('\n').length - 1 }); // prettier-ignore
  }
  manifest(said);
  await writeFile(join(folder, MANIFEST), JSON.stringify(said));
  return folder;
}

const first = (edit: (row: Record<string, unknown>) => void) => (text: string) => {
  const [line = '', ...rest] = text.split('\n');
  const row = JSON.parse(line) as Record<string, unknown>;
  edit(row);
  return [JSON.stringify(row), ...rest].join('\n');
};

const take = (folder: string) => imported(folder, elsewhere(t, lite));

/** What an import says of a folder that it refuses; nothing is changed then. */
async function refusal(folder: string): Promise<string> {
  const error = await take(folder).then(
    () => new Error('was taken'),
    (thrown: Error) => thrown,
  );
  const tables = ['clients', 'users', 'sites', 'journal'];
  for (const table of tables)
    expect([table, await query(lite.url, `SELECT COUNT(*) AS n FROM ${table}`)]).toEqual([table, [{ n: 0 }]]);
  expect(await query(lite.url, "SELECT * FROM facts WHERE name = 'unfinished_import'")).toEqual([]);
  const { errors = [] } = (error as { details?: { errors?: { field: string; message: string }[] } }).details ?? {}; // prettier-ignore
  return errors.length > 0 ? errors.map(one => `${one.field}: ${one.message}`).join('\n') : error.message;
}

it('refuses folders that are damaged, cut, foreign or newer, before anything is written', async () => {
  const cases: [string, Promise<string>][] = [
    ['manifest.json: is not in the folder', Promise.resolve(place)],
    ['is damaged: it is not what the manifest says', changed({ 'sites.ndjson': text => text.replace('site-', 'sitf-') }, undefined, false)], // prettier-ignore
    ['sites.ndjson: is damaged: it has another length', changed({ 'sites.ndjson': text => text.slice(0, -9) }, undefined, false)], // prettier-ignore
    [
      'sites.ndjson: is damaged: its last line is cut',
      changed({ 'sites.ndjson': text => text.slice(0, -9) }),
    ],
    ['is damaged: it has another number of rows', changed({}, one => one.files.find(({ file }) => file === 'sites.ndjson')!.rows++)], // prettier-ignore
    ['is none of an export', changed({}, one => Object.assign(one, { format: 'other' }))],
    ['a newer version', changed({}, one => Object.assign(one, { format_version: 2 }))],
    ['a newer version', changed({}, one => Object.assign(one, { schema: 'Tomorrow1999999999999' }))],
    ['manifest.json: is damaged', changed({}, one => Object.assign(one.files[0]!, { file: '../whole/sites.ndjson' }))], // prettier-ignore
    ['manifest.json: is damaged', changed({}, one => Object.assign(one.files[0]!, { rows_of: 'journal' }))],
    ['manifest.json: is damaged', changed({}, one => one.files.push(one.files[0]!))],
    ['manifest.json: is damaged', changed({}, one => one.files.push({ ...one.files[0]!, rows_of: 'access-tokens', file: 'access-tokens.ndjson' }))], // prettier-ignore
  ];
  for (const [says, folder] of cases) expect([says, await refusal(await folder)]).toEqual([says, expect.stringContaining(says)]); // prettier-ignore
});

it('refuses secrets without the credentials that they are of', async () => {
  const folder = await changed({}, one =>
    Object.assign(one, {
      files: one.files.filter(file => file.rows_of !== 'credentials'),
      secrets: { file: 'secrets.ndjson.age', size: 0, checksum_sha256: sum(''), credentials: 0 },
    }),
  );
  expect(await refusal(folder)).toContain('manifest.json: is damaged');
});

it('follows no links', async () => {
  const folder = await changed({});
  await rm(join(folder, 'sites.ndjson'));
  await symlink(join(place, 'whole', 'sites.ndjson'), join(folder, 'sites.ndjson'));
  expect(await refusal(folder)).toBe('sites.ndjson: is no file, but a link, a folder or a device');
});

const last = (changes: object) => (text: string) => {
  const lines = text.trimEnd().split('\n');
  const row = JSON.parse(lines.pop() ?? '{}') as object;
  return [...lines, JSON.stringify({ ...row, ...changes }), ''].join('\n');
};

it('tells every bad row with its file, number and field, and repeats nothing of it', async () => {
  const folder = await changed({
    'sites.ndjson': text => last({ custom_fields: { CANARY: '\ud800' } })(
      first(row => Object.assign(row, { name: 'CANARY\0', dns_servers: ['CANARY'], created_at: 'x' }))(text)), // prettier-ignore
    'contacts.ndjson': first(row =>
      Object.assign(row, { client_id: '01981f5e-6f43-7bd1-b4a5-1f0c2a5b7c11' }),
    ),
    'clients.ndjson': text => text + text + 'CANARY\n',
    'users.ndjson': first(row => Object.assign(row, { password_hash: 'CANARY' })),
  });
  const said = await refusal(folder);
  for (const one of [
    'sites.ndjson row 1: name:',
    'sites.ndjson row 1: dns_servers:',
    'sites.ndjson row 1: created_at:',
    'sites.ndjson row 4: custom_fields: is not well-formed Unicode',
    'contacts.ndjson row 1: client_id: refers to a row that is nowhere',
    'clients.ndjson row 2: id: has an id that another row has',
    'clients.ndjson row 2: name: is what another row has',
    'clients.ndjson row 3: is no row of this file',
    'users.ndjson row 1: has a field that is not known',
  ])
    expect(said).toContain(one);
  expect(said).not.toContain('CANARY');
});

it('refuses references between clients, and keys of objects that are none', async () => {
  const other = await t.make('clients');
  const folder = join(place, `two-${++count}`);
  await exported(t, folder);
  const text = await readFile(join(folder, 'contacts.ndjson'), 'utf8');
  const moved = first(row => Object.assign(row, { client_id: other.id }))(text);
  const proto = text.replace('{', '{"__proto__":{"name":"x"},');
  for (const [changedText, says] of [
    [moved, 'contacts.ndjson row 1: site_id: refers to a row of another client'],
    [proto, 'contacts.ndjson row 1: has a field that is not known'],
  ] as const) {
    const said = JSON.parse(await readFile(join(folder, MANIFEST), 'utf8')) as Manifest;
    await writeFile(join(folder, 'contacts.ndjson'), changedText);
    const file = said.files.find(one => one.file === 'contacts.ndjson')!;
    Object.assign(file, { size: Buffer.byteLength(changedText), checksum_sha256: sum(changedText) });
    await writeFile(join(folder, MANIFEST), JSON.stringify(said));
    expect(await refusal(folder)).toBe(says);
  }
});

it('takes nothing into an installation that has rows, and says which', async () => {
  const message = /The installation has rows already: .*clients \(\d+\)/;
  await expect(imported(join(place, 'whole'), elsewhere(t, lite), { isDry: true })).resolves.toMatchObject({ rows: expect.any(Number) as number }); // prettier-ignore
  const other = await databasesOf('sqlite');
  try {
    await imported(join(place, 'whole'), elsewhere(t, other));
    await expect(imported(join(place, 'whole'), elsewhere(t, other))).rejects.toThrow(message);
    const words = join(place, 'words');
    await exported(t, words, { resources: ['webhooks'] });
    await expect(imported(words, elsewhere(t, other))).rejects.toThrow(message);
  } finally {
    await other.drop();
  }
});

it('stores no row of a file that was changed after it was checked; as it was, it goes on', async () => {
  const [folder, other] = [await changed({}), await databasesOf('sqlite')];
  const file = join(folder, 'sites.ndjson');
  const text = readFileSync(file, 'utf8');
  const begun = () => writeFileSync(file, text.replace('site-', 'sitf-'));
  try {
    await expect(imported(folder, elsewhere(t, other), { begun })).rejects.toThrow(/is damaged/);
    expect(await query(other.url, 'SELECT COUNT(*) AS n FROM sites')).toEqual([{ n: 0 }]);
    writeFileSync(file, text);
    expect(await imported(folder, elsewhere(t, other))).toMatchObject({ went_on: true });
  } finally {
    await other.drop();
  }
});

it('is private, and leaves nothing behind where it cannot be written', async () => {
  expect((await stat(join(place, 'whole'))).mode & 0o777).toBe(0o700);
  expect((await stat(join(place, 'whole', 'sites.ndjson'))).mode & 0o777).toBe(0o600);
  const text = await readFile(join(place, 'whole', 'users.ndjson'), 'utf8');
  expect(text).not.toMatch(/argon2|password|totp_sealed/);
  await expect(exported(t, join(place, 'none', 'below'))).rejects.toThrow('ENOENT');
});

it('takes rows of one client alone, whose references to others are cleared', async () => {
  const [one, two] = [await t.make('clients'), await t.make('clients')];
  const machine = await t.make('machines');
  const session = await t.make('sessions', { client_id: one.id, machine_id: machine.id, tags: ['mine'] });
  await t.make('sites', { client_id: two.id });
  const folder = join(place, 'one');
  const { files, left_out } = await exported(t, folder, { client: String(one.name), resources: ['clients', 'sessions', 'sites', 'machines', 'tasks'] }); // prettier-ignore
  expect(files.filter(({ rows }) => rows > 0).map(({ rows_of }) => rows_of)).toEqual(expect.arrayContaining(['clients', 'sessions'])); // prettier-ignore
  expect(left_out).toContainEqual({ what: 'machines', why: 'belongs to no client' });
  const other = await databasesOf('sqlite');
  try {
    expect(await imported(folder, elsewhere(t, other))).toMatchObject({ cleared: 2, rows: 2 });
    await inside(elsewhere(t, other), async app => {
      const { items } = await app.get(ResourceRegistry).byPath('sessions')!.list({});
      expect(items).toMatchObject([{ id: session.id, machine_id: null, user_id: null, tags: ['mine'] }]);
    });
  } finally {
    await other.drop();
  }
});

it('gives the first administrator of the new installation the place of the one with the same address', async () => {
  const other = await databasesOf('sqlite');
  try {
    const environment = { ...elsewhere(t, other), OPSKEEP_ADMIN_PASSWORD: ADMIN_PASSWORD };
    await inside(environment, async app => {
      app.get(Passwords).cost = { memoryCost: 1024, timeCost: 2, parallelism: 1 };
      await app.get(FirstAdminMaker).make();
    });
    await imported(join(place, 'whole'), environment);
    await inside(environment, async app => {
      const found = await app.get(Rows).findOne(User, { id: t.admin.id });
      expect(found).toMatchObject({ email: t.admin.email, password_hash: expect.stringContaining('argon2') as string }); // prettier-ignore
      expect(await app.get(Rows).find(User, { email: t.admin.email })).toHaveLength(1);
    });
  } finally {
    await other.drop();
  }
});
