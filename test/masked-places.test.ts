import { type Body, startApp, type TestApp } from './app.js';

let t: TestApp;
beforeAll(async () => {
  t = await startApp();
});
afterAll(() => t.close());

const SECRET = 'https://bob:CANARY-9f8e@files.example/x';
const TOKEN = 'https://desk.example/t/1?token=CANARYabc123';
const LINE = 'PGPASSWORD=CANARY2 psql';

/** Free text, paths and addresses in which people leave a secret. */
const PLACES: [path: string, fields: Body][] = [
  ['commands-run', { host: SECRET }],
  ['deployments', { source_path: SECRET, destination_path: SECRET, deployed_by: LINE, version_label: LINE }],
  ['file-changes', { file_path: SECRET, previous_path: SECRET, backup_path: SECRET, description: LINE }],
  ['infrastructure-changes', { target_system: SECRET }],
  ['backup-log', { file_path: SECRET, method: LINE, notes: LINE }],
  ['conversation-turns', { session_key: LINE }],
  ['ticket-links', { url: TOKEN, title: LINE }],
  ['integration-credentials', { base_url: TOKEN }],
  ['services', { external_url: SECRET, internal_url: SECRET }],
];

test.each(PLACES)('%s hold no secret in %p, and can be sent back as they are', async (path, fields) => {
  const { status, body, text } = await t.http('POST', `/api/${path}`, { body: await t.body(path, fields) });
  expect([status, text.includes('CANARY')]).toEqual([201, false]);
  for (const name of Object.keys(fields)) expect(String(body[name])).toContain('[redacted:');
  const names = Object.keys(fields);
  const stored = await t.sql(`SELECT ${names.join(', ')} FROM ${path.replaceAll('-', '_')} WHERE id = ?`, [
    body.id,
  ]);
  expect(JSON.stringify(stored)).not.toContain('CANARY');
  const patch = await t.http('PATCH', `/api/${path}/${body.id}`, {
    body: Object.fromEntries(names.map(name => [name, body[name]])),
  });
  if (patch.status !== 405) expect([patch.status, patch.body.version]).toEqual([200, body.version]);
});
