import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import { exportFolder } from '../../src/commands/data/export-folder.js';
import { ResourceRegistry } from '../../src/core/resource/resource-registry.js';
import type { ResourceSpec } from '../../src/core/resource/resource.js';
import { Rows } from '../../src/core/table/rows.js';
import { allStored } from '../../src/core/table/stored.js';
import type { Manifest } from '../../src/operations/data-folders/folder-format.js';
import {
  allParts,
  importableParts,
  STAYS,
  TABLES_LEFT_OUT,
} from '../../src/operations/data-folders/folder-parts.js';
import { ADMIN_PASSWORD, type Body, type Shown, startApp, type TestApp } from '../app.js';
import { RESOURCES } from '../harness/all-resources.js';
import { databasesOf, elsewhere, faults, inside } from '../harness/backing-up.js';
import { asCommand, exported, imported } from '../harness/data-folders.js';
import { freshDatabase } from '../harness/database.js';

jest.setTimeout(240_000);

/** What people, spreadsheets and attackers write. */
const TEXTS = [
  '=1+1\nsecond, line; "quoted" \'x\'\r\nthird\tand a tab',
  "'apostrophes'",
  "''",
  '+49 30 1234567',
  ' blanks around ',
  'é 漢字 😀 𝔘𝔫𝔦 \u2028 end',
  '{"json": [1]}',
  '',
  'long '.repeat(12_000).trim(),
];
const LINE = '=HYPERLINK("x");, \'😀 𝔘';
/** Fields that an import sets anew, by resource. */
const SET_ANEW: Record<string, string[]> = {
  users: ['totp_enrolled'],
  webhooks: ['is_active', 'disabled_at', 'disabled_because'],
  credentials: ['secret_fields'],
  'approval-requests': ['status', 'ended_because', 'ended_at', 'is_open', 'version', 'updated_at'],
};

/** Fields that no answer holds: set again from the others, by resource, and those that stay behind. */
const REBUILT: Record<string, string[]> = {
  'billable-time': ['group_key'],
  'context-snippets': ['content_key'],
  'conversation-contexts': ['content_key'],
  'conversation-turns': ['content_key'],
  'problem-solutions': ['error_signature'],
  projects: ['repository_key'],
};
const STAY_BEHIND: Record<string, string[]> = {
  'access-tokens': ['uses', 'secret_hash'],
  credentials: ['secret_version'],
  'custom-field-definitions': ['removed_at'],
  projects: ['known_by', 'known_to_all'],
  'security-incidents': ['detection_key', 'open_detection', 'suspect_id'],
  users: ['password_hash', 'totp_sealed', 'totp_step', 'failed_logins', 'locked_until'],
  webhooks: ['cursor_seq', 'holder', 'held_until', 'fence'],
};

const isFree = (api: object, kind: string) => {
  const { format, pattern, maxLength = 0 } = api as { format?: string; pattern?: string; maxLength?: number };
  return format === undefined && pattern === undefined && maxLength >= (kind === 'text' ? 100 : 60_000);
};

/** Texts in every field of a resource that takes any; without those that its own rules refuse. */
async function hostile(t: TestApp, path: string, spec: ResourceSpec, n: number): Promise<void> {
  const free = (kind: string) =>
    spec.fields.filter(one => one.column.kind === kind && !one.readOnly && !one.internal && !one.choices && isFree(one.api, kind)); // prettier-ignore
  const texts = free('long').map((one, at) => [one.name, TEXTS[(at + n) % TEXTS.length]] as const);
  const lines = free('text').filter(one => !one.unique && !one.uniqueWithin).map(one => [one.name, LINE] as const); // prettier-ignore
  const tags = spec.taggable ? { tags: ['=a', "b'c; d", '😀'] } : {};
  const given: Body = { ...Object.fromEntries([...texts, ...lines]), ...tags };
  for (;;) {
    const answer = await t.http('POST', `/api/${path}`, { body: await t.body(path, given) });
    if (answer.status === 201) return;
    const refused = ((answer.body.details as { errors?: { field: string }[] }).errors ?? []).map(one => one.field); // prettier-ignore
    if (answer.status !== 422 || !refused.some(name => name in given))
      throw new Error(`${path}: ${answer.text}`);
    for (const name of refused) delete given[name];
  }
}

/** Every row of every list, as an administrator sees it. */
async function lists(app: INestApplicationContext): Promise<Record<string, Shown[]>> {
  const all: Record<string, Shown[]> = {};
  for (const [path, spec] of RESOURCES) {
    if (path in STAYS) continue;
    const service = app.get(ResourceRegistry).byPath(path)!;
    all[path] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const query = { sort: 'id', limit: '1000', ...(spec.archivable && { archived: 'any' }) };
      const page = await service.list({ ...query, ...(cursor === '' ? {} : { cursor }) });
      for (const item of page.items) {
        const row: Shown = { ...item } as Shown;
        for (const name of SET_ANEW[path] ?? []) delete row[name];
        all[path]!.push(row);
      }
      cursor = page.next;
    }
  }
  return all;
}

/** What is set again beside what answers hold, keys of names included. */
async function rebuilt(app: INestApplicationContext): Promise<Record<string, object[]>> {
  const all: Record<string, object[]> = {};
  for (const [path, spec] of RESOURCES) {
    const keys = spec.fields.filter(one => one.keyOf).map(one => one.name);
    const names = ['id', ...keys, ...(REBUILT[path] ?? [])];
    const rows = path in STAYS ? [] : await app.get(Rows).find(spec.type, {}, { order: 'id' });
    all[path] = rows.map(row => names.map(name => (row as Body)[name]));
  }
  return all;
}

/** The rows of what hangs on others, as they are stored. */
async function beside(app: INestApplicationContext): Promise<Record<string, object[]>> {
  const parts = allParts().filter(one => !one.resource);
  const rows = await Promise.all(parts.map(one => app.get(Rows).find(one.stored.type, {}, { order: 'id' })));
  return Object.fromEntries(parts.map((one, n) => [one.name, rows[n] ?? []]));
}

let t: TestApp;
let folder: string;
beforeAll(async () => {
  t = await startApp();
  folder = await mkdtemp(join(tmpdir(), 'opskeep-data-'));
  for (const key of ['note', 'size'])
    await t.make('custom-field-definitions', { key, kind: key === 'size' ? 'whole' : 'text' });
  const values = { note: '=1;2', size: 7 };
  await t.make('sites', { custom_fields: values });
  for (const [at, [path, spec]] of RESOURCES.entries()) {
    await hostile(t, path, spec, at);
    await hostile(t, path, spec, at + 4);
  }
  const parent = await t.make('tasks');
  const child = await t.make('tasks', { parent_task_id: parent.id });
  await t.http('PUT', `/api/tasks/${child.id}/dependencies/${(await t.make('tasks')).id}`);
  const state = await t.make('project-states');
  await t.http('PATCH', `/api/project-states/${state.id}`, { body: { next_actions: ['=2'] } });
  const incident = await t.make('security-incidents');
  const credential = await t.make('credentials', { name: 'Same' });
  await t.http('PUT', `/api/security-incidents/${incident.id}/credentials/${credential.id}`);
  await t.http('POST', `/api/security-incidents/${incident.id}/timeline`, {
    body: { kind: 'note', text: "'x" },
  });
  const due = { label: 'Insurer', due_at: '2026-02-02T00:00:00Z' };
  await t.http('POST', `/api/security-incidents/${incident.id}/deadlines`, { body: due });
  const leaving = await t.make('clients', { name: 'Grove Legal' });
  await t.make('credentials', { client_id: leaving.id });
  const sure = { confirm: 'Grove Legal', reason: 'The contract ended', password: ADMIN_PASSWORD };
  await t.http('POST', `/api/clients/${leaving.id}/offboard`, { body: { ...sure, without_export: true } });
  const site = await t.make('sites');
  await t.http('PUT', `/api/credentials/${credential.id}/links/sites/${site.id}`);
  await t.make('projects', { repository_url: 'git@git.example:acme/site.git' });
  const { id: client_id } = await t.make('clients');
  const day = { client_id, labour_type: 'onsite', rounding: 'up', increment_minutes: 15, scope: 'day' };
  await t.make('rate-rules', { ...day, valid_from: null, valid_to: null });
  await t.make('billable-time', { client_id, labour_type: 'onsite' });
  const snippet = await t.make('context-snippets');
  await t.change('INSERT INTO memory_usage (id, usage_count, last_used_at) VALUES (?, 3, ?)', [
    snippet.id,
    '2026-01-31 08:00:00.000',
  ]);
});
afterAll(async () => {
  await t.close();
  await rm(folder, { recursive: true, force: true });
});

it('knows every table: rows are in a folder, or a reason why they are not', () => {
  const inKeystore = ['data_keys', 'keystore_facts', 'processes'];
  const known = [...allParts().map(one => one.stored.table), ...Object.keys(TABLES_LEFT_OUT), ...inKeystore];
  expect(allStored().map(one => one.table).filter(one => !known.includes(one))).toEqual([]); // prettier-ignore
});

it('knows every field that no answer holds: it is set again, or stays behind', () => {
  for (const [path, spec] of RESOURCES) {
    const internal = spec.fields.filter(one => one.internal && !one.keyOf).map(one => one.name);
    const known = [...(REBUILT[path] ?? []), ...(STAY_BEHIND[path] ?? [])];
    expect([path, internal.toSorted()]).toEqual([path, known.toSorted()]);
  }
});

it('knows what every field has that no file holds: null, or its default', () => {
  for (const { name, stored, fields } of importableParts()) {
    const hidden = stored.fields.filter(one => !fields.includes(one) && !one.keyOf && !one.generated);
    const bare = hidden.filter(one => !one.nullable && one.default === undefined).map(one => one.name);
    expect([name, bare]).toEqual([name, []]);
  }
});

it('brings every row of every resource back: by NDJSON to SQLite, from there by CSV to the database of the run', async () => {
  const [lite, other] = [await databasesOf('sqlite'), await freshDatabase()];
  try {
    const first = await exported(t, join(folder, 'first'));
    expect(first.files.map(one => one.rows_of).toSorted()).toEqual(
      allParts().map(one => one.name).filter(one => !(one in STAYS)).sort(), // prettier-ignore
    );
    expect(first.files.filter(one => one.rows === 0).map(one => one.rows_of)).toEqual([]);
    const before = await asCommand(() => lists(t.app));
    const [hanging, kept] = [await beside(t.app), await rebuilt(t.app)];
    for (const [path, names] of Object.entries(REBUILT))
      for (const [at] of names.entries())
        expect([path, kept[path]!.some(row => Object.values(row).at(-1 - at) !== null)]).toEqual([
          path,
          true,
        ]);
    await imported(join(folder, 'first'), elsewhere(t, lite));
    let second: Manifest | undefined;
    await inside(elsewhere(t, lite), async app => {
      expect(await lists(app)).toEqual(before);
      expect(await beside(app)).toEqual(hanging);
      expect(await rebuilt(app)).toEqual(kept);
      const asked = { file_format: 'csv', told: () => undefined } as const;
      second = await exportFolder(app, join(folder, 'second'), asked);
    });
    const counts = (one: Manifest | undefined) => one?.files.map(({ rows_of, rows }) => [rows_of, rows]);
    expect(counts(second)).toEqual(counts(first));
    await imported(join(folder, 'second'), elsewhere(t, other));
    await inside(elsewhere(t, other), async app => {
      expect(await lists(app)).toEqual(before);
      expect(await beside(app)).toEqual(hanging);
      expect(await rebuilt(app)).toEqual(kept);
    });
    expect(await faults(elsewhere(t, other))).toEqual([]);
  } finally {
    await lite.drop();
    await other.drop();
  }
});
