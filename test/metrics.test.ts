import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MainDatabase } from '../src/core/database/main-database.js';
import { DiskCheck } from '../src/core/http/disk-check.js';
import { Metrics } from '../src/core/metrics/metrics.js';
import { startApp, type TestApp } from './app.js';

const TOKEN = 'CANARY-metrics-0123456789abcdef';
let t: TestApp;
beforeAll(async () => {
  t = await startApp({ settings: { METRICS_TOKEN: TOKEN, LOGIN_LIMIT_PER_MINUTE: '1' } });
});
afterAll(() => t.close());

const scrape = async () => (await t.http('GET', '/metrics', { token: TOKEN })).text;

/** The value of a series, named as Prometheus names it; undefined when there is none. */
function valueOf(text: string, series: string): number | undefined {
  const line = text.split('\n').find(one => one.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}

describe('GET /metrics', () => {
  test('is for who has the token, in the format of Prometheus', async () => {
    const { status, headers, text } = await t.http('GET', '/metrics', { token: TOKEN });
    expect([status, headers['content-type']]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
    expect(headers['cache-control']).toBe('no-store');
    expect(text).toMatch(/^# HELP opskeep_http_request_duration_seconds /m);
    for (const token of [null, 'CANARY-metrics-0123456789abcdee', '', t.admin.token])
      expect((await t.http('GET', '/metrics', { token })).status).toBe(401);
  });

  test('counts requests by resource, method and class, and nothing of what was sent', async () => {
    const created = await t.make('sites', { name: 'CANARY site' });
    await t.http('GET', `/api/sites/${created.id}?reveal=CANARY`);
    await t.http('GET', '/api/CANARY/of-a-stranger');
    const text = await scrape();
    const count = (resource: string, method: string, status: string) =>
      valueOf(
        text,
        `opskeep_http_request_duration_seconds_count{resource="${resource}",method="${method}",status="${status}"}`,
      );
    expect(count('sites', 'POST', '2xx')).toBe(1);
    expect(count('unknown', 'any', '4xx')).toBeGreaterThanOrEqual(1);
    expect(text).not.toMatch(/CANARY|stranger/);
    expect(text).not.toContain(created.id);
  });

  test('tells what waits for the database, and what is ready', async () => {
    const text = await scrape();
    for (const name of ['database', 'keystore']) {
      expect(valueOf(text, `opskeep_${name}_connections{state="open"}`)).toBeGreaterThanOrEqual(1);
      expect(valueOf(text, `opskeep_${name}_connections{state="waiting"}`)).toBe(0);
    }
    for (const check of ['database', 'keystore', 'migrations', 'audit'])
      expect(valueOf(text, `opskeep_ready{check="${check}"}`)).toBe(1);
    const transaction = await t.opened.database.connections.begin();
    const during = await scrape();
    await transaction.rollback();
    expect(valueOf(during, 'opskeep_database_connections{state="used"}')).toBeGreaterThanOrEqual(1);
  });

  test('writes for the readiness once in ten seconds, and once in one while that fails', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'opskeep-room-'));
    const disk = new DiskCheck(folder, t.app.get(MainDatabase), `sqlite:${folder}/none`);
    let now = performance.now();
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => now);
    try {
      await disk.check();
      rmSync(folder, { recursive: true });
      now += 9_900;
      await disk.check();
      now += 200;
      await expect(disk.check()).rejects.toThrow('ENOENT');
      mkdirSync(folder);
      now += 900;
      await expect(disk.check()).rejects.toThrow('ENOENT');
      now += 200;
      await disk.check();
    } finally {
      clock.mockRestore();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test('counts sealed values that do not open', async () => {
    expect(valueOf(await scrape(), 'opskeep_failed_openings')).toBe(0);
    const { id } = await t.make('credentials');
    await t.change('UPDATE credential_secrets SET version = 9 WHERE credential_id = ?', [id]);
    expect((await t.http('GET', `/api/credentials/${id}`)).status).toBe(500);
    expect(valueOf(await scrape(), 'opskeep_failed_openings')).toBe(1);
  });

  test('counts what the limits refuse', async () => {
    for (let n = 0; n < 3; n++)
      await t.http('POST', '/api/auth/login', {
        token: null,
        body: { email: 'a@b.test', password: 'CANARY' },
      });
    expect(valueOf(await scrape(), 'opskeep_rate_limited_total{limit="login"}')).toBe(2);
  });

  test('tells how far the trail is sealed, and what it can of the rest while something is away', async () => {
    const text = await scrape();
    expect(valueOf(text, 'opskeep_audit_entries')).toBeGreaterThanOrEqual(0);
    expect(valueOf(text, 'opskeep_audit_unsealed_seconds')).toBeGreaterThanOrEqual(0);
    const metrics = t.app.get(Metrics);
    metrics.state('opskeep_test_away', 'Fails', undefined, 'sum', () =>
      Promise.reject(new Error('CANARY away')),
    );
    metrics.state('opskeep_test_late', 'Never answers', undefined, 'sum', () => new Promise(() => undefined));
    const partly = await t.http('GET', '/metrics', { token: TOKEN });
    expect([partly.status, valueOf(partly.text, 'opskeep_test_away')]).toEqual([200, NaN]);
    expect(valueOf(partly.text, 'opskeep_ready{check="database"}')).toBe(1);
  });

  test('is not there without a token in the settings', async () => {
    const without = await startApp();
    try {
      expect((await without.http('GET', '/metrics')).status).toBe(404);
    } finally {
      await without.close();
    }
  });
});

test('the rules and the dashboard ask for what is told', async () => {
  const text = await scrape();
  const told = new Set([...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name = '']) => name));
  for (const file of ['docs/prometheus/alerts.yml', 'docs/prometheus/dashboard.json']) {
    const asked = [...readFileSync(file, 'utf8').matchAll(/\b(?:opskeep|nodejs|process)_\w+/g)].map(
      ([name]) => name,
    );
    expect(asked.length).toBeGreaterThan(5);
    expect(
      asked.filter(name => !told.has(name) && !told.has(name.replace(/_(bucket|count|sum)$/, ''))),
    ).toEqual([]);
  }
});
