import { followJob } from '../../src/commands/bulk-import/follow-job.js';
import { UnavailableError } from '../../src/core/context/errors.js';
import { systemActor } from '../../src/core/context/actor.js';
import { runAs } from '../../src/core/context/request-context.js';
import { ImportLeases } from '../../src/operations/bulk-import/import-leases.service.js';
import { MainDatabase } from '../../src/core/database/main-database.js';
import type { Sql } from '../../src/core/database/sql.js';
import { nextTurn } from '../../src/core/workers/turns.js';
import { explain } from '../../src/failure.js';
import type { ImportJob } from '../../src/operations/bulk-import/import-job.entity.js';
import { ImportRun } from '../../src/operations/bulk-import/import-run.service.js';
import { ImportUploads } from '../../src/operations/bulk-import/import-uploads.service.js';
import { ImportViews } from '../../src/operations/bulk-import/import-views.service.js';
import { userActor } from '../../src/core/access/user-actor.js';
import { User } from '../../src/core/access/user.entity.js';
import { Rows } from '../../src/core/table/rows.js';
import { setTimeout as sleep } from 'node:timers/promises';
import { Uploads } from '../../src/core/requests/uploads/uploads.js';
import { ImportParts } from '../../src/operations/bulk-import/import-parts.service.js';
import { query } from '../harness/query.js';
import { startApp, type TestApp, type TestUser } from '../app.js';
import { testDatabase } from '../harness/database.js';

const ROWS = 1_200;
const onSqlite = testDatabase() === 'sqlite' ? describe : describe.skip;
const SYSTEM = systemActor('test');

let t: TestApp;
beforeAll(async () => (t = await startApp()));
afterAll(() => t.close());

const see = async (id: string) => (await t.http('GET', `/api/bulk-import/jobs/${id}`)).body;
const count = async (table: string, where = '1 = 1') =>
  Number((await t.sql<{ total: number }>(`SELECT COUNT(*) AS total FROM ${table} WHERE ${where}`))[0]?.total);

/** A job of a user that has come in, and that nobody works at. */
async function waiting(
  user: TestUser,
  client_id: string,
  more = '',
  rows = ROWS,
  last?: () => Promise<unknown>,
) {
  const row = await t.app.get(Rows).findOne(User, { id: user.id });
  const lines = Array.from({ length: rows }, (_, n) => `${client_id},Site ${n}\n`);
  async function* file() {
    yield Buffer.from(`client_id,name\n${lines.join('')}${more}`);
    await last?.();
  }
  const how = { dry_run: false, on_conflict: 'error', match_key: undefined, format: 'csv' } as const;
  const job = await runAs(userActor(row as User), () =>
    t.app.get(ImportUploads).receive('sites', how, file()),
  );
  return job.id;
}

/** Works at it until rows are written, and then does `then`; the process is asked to end, if `stops`. */
async function work(id: string, then: () => unknown = () => undefined, stops = false) {
  const stop = new AbortController();
  let isMet = false;
  const progress = async (job: { state: string; rows_done: number }) => {
    if (isMet || job.state !== 'writing' || job.rows_done === 0) return;
    isMet = true;
    if (stops) stop.abort();
    done = Promise.resolve(then());
  };
  let done: Promise<unknown> = Promise.resolve();
  await runAs(SYSTEM, () =>
    t.app.get(ImportRun).run(id, { stop: stop.signal, progress: job => void progress(job) }),
  );
  await done;
}

it('goes on behind the rows that are written, when the process ended in between', async () => {
  const client_id = (await t.make('clients')).id;
  const id = await waiting(await t.user(), client_id);
  await work(id, undefined, true);
  expect(await see(id)).toMatchObject({ state: 'writing', rows_done: 500, created: 500, rows_total: ROWS });
  expect(await count('sites', `client_id = '${client_id}'`)).toBe(500);
  await work(id);
  expect(await see(id)).toMatchObject({ state: 'done', rows_done: ROWS, created: ROWS });
  expect(await count('sites', `client_id = '${client_id}'`)).toBe(ROWS);
  expect(await count('upload_pieces')).toBe(0);
});

it('is worked at by one process: another finds it taken', async () => {
  const id = await waiting(await t.user(), (await t.make('clients')).id);
  await Promise.all([work(id), work(id)]);
  expect(await see(id)).toMatchObject({ state: 'done', created: ROWS });
});

it('is held for as long as a part takes, and its file stays with whoever has taken it over', async () => {
  const runs = t.app.get(ImportRun);
  const [uploads, leases] = [t.app.get(Uploads), t.app.get(ImportLeases)];
  const read = uploads.read.bind(uploads);
  const [id, every] = [await waiting(await t.user(), await t.client(), '', 3), runs.renewMs];
  let goOn: () => void = () => undefined;
  const slow = new Promise<void>(resolve => (goOn = resolve));
  const spy = jest.spyOn(uploads, 'read').mockImplementation(async function* (...args) {
    await slow;
    yield* read(...args);
  });
  runs.renewMs = 20;
  const held = () => count('import_jobs', `id = '${id}' AND held_until > '2026'`);
  const ended = work(id);
  try {
    for (let n = 0; (await held()) === 0 && n < 500; n++) await sleep(10);
    await t.change("UPDATE import_jobs SET held_until = '2020-01-01 00:00:00.000' WHERE id = ?", [id]);
    await sleep(100);
    for (let n = 0; (await held()) === 0 && n < 500; n++) await sleep(10);
    expect(await held()).toBe(1);
    expect(await leases.claim(id)).toBeUndefined();
    // Another has taken it over all the same.
    await t.change('UPDATE import_jobs SET fence = fence + 1 WHERE id = ?', [id]);
    goOn();
    await ended;
    expect(await see(id)).toMatchObject({ finished_at: null });
    expect(await count('upload_pieces', `upload_id = '${id}'`)).toBe(2);
  } finally {
    goOn();
    spy.mockRestore();
    runs.renewMs = every;
  }
});

it('writes rows with passwords in small parts', async () => {
  const lines = Array.from({ length: 60 }, (_, n) =>
    JSON.stringify({ email: `part-${n}@example.com`, password: `Long enough ${n} CANARY-part` }),
  );
  const noted: number[] = [];
  const spy = jest.spyOn(t.app.get(ImportParts), 'write');
  const headers = { 'content-type': 'application/x-ndjson' };
  await t.http('POST', '/api/bulk-import/users?dry_run=true', { body: lines.join('\n'), headers });
  noted.push(...spy.mock.calls.map(([, rows]) => rows.length));
  spy.mockRestore();
  expect(Math.max(...noted)).toBe(50);
});

it('ends with the rights of whoever asked, and keeps what was written before', async () => {
  const [user, client_id] = [await t.user(), (await t.make('clients')).id];
  const id = await waiting(user, client_id);
  await work(id, undefined, true);
  const scopes = { body: { scopes: ['msp:read', 'msp:write'] } };
  expect(await t.http('PATCH', `/api/users/${user.id}`, scopes)).toMatchObject({ status: 200 });
  await work(id);
  expect(await see(id)).toMatchObject({
    state: 'failed',
    rows_done: 500,
    failure: expect.stringMatching(/may not import any more/),
  });
  expect(await count('sites', `client_id = '${client_id}'`)).toBe(500);
});

it('ends where whoever asked does not see the client any more', async () => {
  const [user, client_id] = [await t.user(), (await t.make('clients')).id];
  const id = await waiting(user, client_id);
  await work(id, undefined, true);
  const body = { client_access: 'except', client_ids: [client_id] };
  expect(await t.http('PATCH', `/api/users/${user.id}`, { body })).toMatchObject({ status: 200 });
  await work(id);
  const job = await see(id);
  expect(job).toMatchObject({ state: 'failed', rows_done: 500, failure: expect.stringContaining('Row 501') });
  expect((job.errors as object[])[0]).toMatchObject({ row: 501, field: 'client_id', rule: 'reference' });
});

it('is cancelled while it writes: the part of that moment is undone', async () => {
  const client_id = (await t.make('clients')).id;
  const id = await waiting(await t.user(), client_id);
  let cancelled: Promise<unknown> | undefined;
  await work(id, () => (cancelled = t.http('POST', `/api/bulk-import/jobs/${id}/cancel`)));
  expect(await cancelled).toMatchObject({ status: 200, body: { state: 'cancelled' } });
  const job = await see(id);
  expect(await count('sites', `client_id = '${client_id}'`)).toBe(job.rows_done);
  expect(job.rows_done).toBeLessThan(ROWS);
  expect(await count('upload_pieces', `upload_id = '${id}'`)).toBe(0);
});

it('counts nothing as made while rows are tried, also where that is cancelled', async () => {
  const id = await waiting(await t.user(), (await t.make('clients')).id);
  const tried: object[] = [];
  const stop = new AbortController();
  const progress = ({ state, rows_checked, created }: ImportJob) => {
    tried.push({ state, rows_checked, created });
    if (rows_checked > 500) stop.abort();
  };
  await runAs(SYSTEM, () => t.app.get(ImportRun).run(id, { stop: stop.signal, progress }));
  expect(tried.slice(-1)).toEqual([{ state: 'checking', rows_checked: 1_000, created: 0 }]);
  expect(await t.http('POST', `/api/bulk-import/jobs/${id}/cancel`)).toMatchObject({
    body: { state: 'cancelled', created: 0, rows_done: 0 },
  });
});

it('is said to come in still, where it is cancelled before it has', async () => {
  const id = await waiting(await t.user(), (await t.make('clients')).id);
  await t.change("UPDATE import_jobs SET state = 'receiving' WHERE id = ?", [id]);
  expect(await t.http('POST', `/api/bulk-import/jobs/${id}/cancel`)).toMatchObject({
    status: 409,
    body: { error: expect.stringContaining('still coming in') },
  });
  await t.change("UPDATE import_jobs SET state = 'waiting' WHERE id = ?", [id]);
  await t.http('POST', `/api/bulk-import/jobs/${id}/cancel`);
});

it('writes nothing where a late row is not valid, or has the key of an early one', async () => {
  const client_id = (await t.make('clients')).id;
  const id = await waiting(await t.user(), client_id, `${client_id},SITE 3\n${client_id},\u200b\n`);
  await work(id);
  const job = await see(id);
  expect(job).toMatchObject({ state: 'failed', failed_rows: 2, rows_total: ROWS + 2, created: 0 });
  expect(job.errors).toMatchObject([{ row: ROWS + 1, message: 'is that of row 4, too' }, { row: ROWS + 2 }]);
  expect(await count('sites', `client_id = '${client_id}'`)).toBe(0);
});

it('tells of a file whose pieces were altered or are gone, and writes nothing', async () => {
  for (const text of [
    'DELETE FROM upload_pieces WHERE upload_id = ?',
    "UPDATE upload_pieces SET sealed = REPLACE(sealed, 'A', 'B') WHERE upload_id = ?",
  ]) {
    const client_id = (await t.make('clients')).id;
    const id = await waiting(await t.user(), client_id);
    await t.change(text, [id]);
    await work(id);
    expect(await see(id)).toMatchObject({ state: 'failed', created: 0 });
    expect(await count('sites', `client_id = '${client_id}'`)).toBe(0);
  }
});

it.each([
  ['another user', 'user_id = (SELECT id FROM users WHERE id <> import_jobs.user_id ORDER BY id LIMIT 1)'],
  ['the command line', 'user_id = NULL'],
  ['another token', "token_id = '01981f5e-6f43-7bd1-b4a5-1f0c2a5b7c11'"],
  ['another resource', "resource = 'contacts'"],
  ['another format', "format = 'ndjson'"],
  ['another way with rows that are there', "on_conflict = 'update'"],
  ['another key', "match_key = 'id'"],
  ['a trial', 'dry_run = 1'],
  ['other pieces', 'pieces = pieces - 1'],
])('does nothing for %s, where its row was altered in the database', async (_name, set) => {
  const client_id = (await t.make('clients')).id;
  const id = await waiting(await t.user(), client_id, '', 3);
  await t.change(`UPDATE import_jobs SET ${set} WHERE id = ?`, [id]);
  await work(id);
  expect(await see(id)).toMatchObject({
    state: 'failed',
    failure: expect.stringMatching(/altered/),
    created: 0,
  });
  expect(await count('sites', `client_id = '${client_id}'`)).toBe(0);
  expect(await count('upload_pieces', `upload_id = '${id}'`)).toBe(0);
});

it('does nothing with a purpose of another job', async () => {
  const ids = [];
  for (let n = 0; n < 2; n++) ids.push(await waiting(await t.user(), await t.client(), '', 3));
  await t.change('DELETE FROM upload_pieces WHERE n = -1 AND upload_id = ?', ids.slice(0, 1));
  await t.change('UPDATE upload_pieces SET upload_id = ? WHERE n = -1 AND upload_id = ?', ids);
  for (const id of ids) {
    await work(id);
    expect(await see(id)).toMatchObject({ state: 'failed', created: 0 });
  }
});

it('is at rest sealed, and nothing of it stays', async () => {
  const id = await waiting(await t.user(), (await t.make('clients')).id);
  const pieces = await t.sql<{ sealed: string }>('SELECT sealed FROM upload_pieces');
  expect(pieces.length).toBeGreaterThan(0);
  for (const { sealed } of pieces) expect(sealed).toMatch(/^v3\./);
  await t.http('POST', `/api/bulk-import/jobs/${id}/cancel`);
  expect(await count('upload_pieces', `upload_id = '${id}'`)).toBe(0);
});

it('leaves nothing when its user is deleted, also while the file comes in', async () => {
  const [user, client_id] = [await t.user(), (await t.make('clients')).id];
  const all = await t.sql('SELECT DISTINCT upload_id FROM upload_pieces');
  const others = all.map(one => one.upload_id);
  const kept = await waiting(await t.user(), client_id);
  await waiting(user, client_id);
  const tidy = () => t.app.get(ImportLeases).tidy('2000-01-01T00:00:00.000Z', '2000-01-01T00:00:00.000Z');
  const ids = async () => {
    const found = await t.sql('SELECT DISTINCT upload_id FROM upload_pieces');
    return found.filter(one => !others.includes(one.upload_id));
  };
  await t.change('DELETE FROM users WHERE id = ?', [user.id]);
  await tidy();
  expect(await ids()).toEqual([{ upload_id: kept }]);
  const late = await t.user();
  const entries = () => count('journal', "action = 'import_job.create'");
  const before = await entries();
  const gone = waiting(late, client_id, '', ROWS, () =>
    t.change('DELETE FROM users WHERE id = ?', [late.id]),
  );
  await expect(gone).rejects.toThrow('The file took too long to come in');
  expect(await entries()).toBe(before);
  expect(await ids()).toEqual([{ upload_id: kept }]);
  await t.http('POST', `/api/bulk-import/jobs/${kept}/cancel`);
});

it('comes behind others after something was away, and fails when that was so too often', async () => {
  const sqlite = t.opened.settings.DATABASE_URL.reveal().startsWith('sqlite:');
  const away = sqlite
    ? "WHEN NEW.action = 'site.create' BEGIN SELECT RAISE(ABORT, 'away'); END"
    : "FOR EACH ROW IF NEW.action = 'site.create' THEN SIGNAL SQLSTATE '45000'; END IF";
  const url = t.opened.settings.DATABASE_URL.reveal();
  const client_id = (await t.make('clients')).id;
  const id = await waiting(await t.user(), client_id, '', 3);
  await query(url, `CREATE TRIGGER journal_away BEFORE INSERT ON journal ${away}`);
  const leases = t.app.get(ImportLeases);
  for (let attempt = 1; attempt < 20; attempt++) {
    expect(await leases.waiting(1000)).toContain(id);
    await work(id);
    expect(await leases.waiting(1000)).not.toContain(id);
    await t.change("UPDATE import_jobs SET held_until = '2020-01-01 00:00:00.000' WHERE id = ?", [id]);
  }
  expect(await see(id)).toMatchObject({ state: 'waiting' });
  await work(id);
  await query(url, 'DROP TRIGGER journal_away');
  const failure = '20 attempts were in vain: The audit trail cannot be written. 0 rows are written';
  expect(await see(id)).toMatchObject({ state: 'failed', failure });
  expect(await count('sites', `client_id = '${client_id}'`)).toBe(0);
});

it('has ten places for each user', async () => {
  const [user, client_id] = [await t.user(), (await t.make('clients')).id];
  for (let n = 0; n < 10; n++) await waiting(user, client_id);
  const csv = {
    body: `client_id,name\n${client_id},x\n`,
    headers: { 'content-type': 'text/csv' },
    token: user.token,
  };
  expect(await t.http('POST', '/api/bulk-import/sites', csv)).toMatchObject({ status: 409 });
});

onSqlite('followed by a command', () => {
  const full = async (isFull: boolean) => {
    const { writer } = t.app.get(MainDatabase).connections as unknown as { writer: Sql };
    const [{ page_count = 0 } = {}] = await writer.select<{ page_count: number }>('PRAGMA page_count');
    await writer.select(`PRAGMA max_page_count = ${isFull ? page_count : 1_000_000_000}`);
  };
  const follow = (id: string) => runAs(systemActor('command line'), () => followJob(t.app, id));

  it('ends with the reason, where the disk is full, and says how many rows are written', async () => {
    const id = await waiting(await t.user(), (await t.make('clients')).id);
    await full(true);
    try {
      await expect(follow(id)).rejects.toThrow(/: \d+ rows are written\. The disk is full: make room\. /);
      const failed = new UnavailableError('x', { cause: Object.assign(new Error('x'), { code: 'ENOSPC' }) });
      expect(explain(failed)).toMatch(/^The disk is full: make room\./);
    } finally {
      await full(false);
    }
  });

  it('ends at once at a signal, also where it cannot be noted that it is cancelled', async () => {
    const id = await waiting(await t.user(), (await t.make('clients')).id);
    await t.change(
      "UPDATE import_jobs SET holder = 'x', held_until = '9999-01-01T00:00:00.000Z' WHERE id = ?",
      [id],
    );
    const cancel = jest.spyOn(t.app.get(ImportViews), 'cancel').mockRejectedValue(new Error('no room'));
    const known = new Set(process.listeners('SIGINT'));
    const followed = expect(follow(id)).rejects.toThrow(/0 rows are written\. no room\./);
    try {
      let handler: NodeJS.SignalsListener | undefined;
      while (!(handler = process.listeners('SIGINT').find(one => !known.has(one)))) await nextTurn();
      handler('SIGINT');
      await followed;
    } finally {
      cancel.mockRestore();
      await t.http('POST', `/api/bulk-import/jobs/${id}/cancel`);
    }
  });
});
