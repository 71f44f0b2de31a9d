import { uniqueKey } from '../src/core/table/unique-key.js';
import { startApp, type TestApp } from './app.js';
import { whileTaken } from './harness/while-taken.js';

let t: TestApp;
beforeAll(async () => {
  t = await startApp();
});
afterAll(() => t.close());

test('an incident is reopened without its detection when another one of the same detection opens meanwhile', async () => {
  const [first, second] = [await t.make('security-incidents'), await t.make('security-incidents')];
  await t.change("UPDATE security_incidents SET status = 'resolved', detection_key = 'k' WHERE id = ?", [
    first.id,
  ]);
  const open = "UPDATE security_incidents SET open_detection = 'k' WHERE id = ?";
  const reopened = await whileTaken(t, open, [second.id], () =>
    t.http('POST', `/api/security-incidents/${first.id}/reopen`, { body: { reason: 'It is back' } }),
  );
  expect([reopened.status, reopened.body.error]).toEqual([200, undefined]);
  const stored = await t.sql('SELECT status, open_detection FROM security_incidents WHERE id = ?', [
    first.id,
  ]);
  expect(stored).toEqual([{ status: 'investigating', open_detection: null }]);
});

test('a machine that another row has become meanwhile is looked for anew', async () => {
  const byHand = await t.make('machines', { hostname: 'by-hand', machine_fingerprint: null });
  const other = await t.make('machines', { hostname: 'other', machine_fingerprint: null });
  const take = "UPDATE machines SET machine_fingerprint = 'print' WHERE id = ?";
  const told = await whileTaken(t, take, [other.id], () =>
    t.http('PUT', '/api/machines/by-fingerprint/print', { body: { hostname: 'by-hand' } }),
  );
  // The machine of this fingerprint has a row now: it may not have the name of another one.
  expect([told.status, told.body.details.field]).toEqual([409, 'hostname']);
  const [left] = await t.sql('SELECT machine_fingerprint FROM machines WHERE id = ?', [byHand.id]);
  expect(left).toEqual({ machine_fingerprint: null });
});

test('a tag that somebody else makes meanwhile is put on the row', async () => {
  const tag = await t.make('tags', { name: 'before' });
  const rename = 'UPDATE tags SET name = ?, name_key = ? WHERE id = ?';
  const key = uniqueKey('meanwhile', undefined) ?? '';
  const project = await whileTaken(t, rename, ['meanwhile', key, tag.id], () =>
    t.http('POST', '/api/projects', { body: { name: 'Tagged', tags: ['meanwhile'] } }),
  );
  expect([project.status, project.body.tags]).toEqual([201, ['meanwhile']]);
  expect((await t.http('GET', `/api/tags/${tag.id}`)).body.usage_count).toBe(1);
});
