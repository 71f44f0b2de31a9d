import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { startApp, type TestApp } from './app.js';
import { WebhookWorker } from '../src/operations/webhooks/delivery/webhook-worker.service.js';
import { Sender } from '../src/operations/webhooks/delivery/sender.service.js';
import { freePort } from './harness/free-port.mjs';
import { rightSignatures, startReceiver } from './harness/receiver.js';
import { hookBed, LONG_AGO, SECRET } from './harness/webhooks.js';

const METRICS = 'CANARY-metrics-of-webhooks';
let t: TestApp;
const hooks = hookBed(() => t);
const { pass, make, act, deliveries, row, later, events } = hooks;
const patch = (id: string, name: string) => t.http('PATCH', `/api/sites/${id}`, { body: { name } });

beforeAll(async () => {
  t = await startApp({ settings: { WEBHOOK_ALLOW_PRIVATE: '127.0.0.1', METRICS_TOKEN: METRICS } });
});
beforeEach(() => hooks.begin());
afterEach(() => hooks.end());
afterAll(() => t.close());

describe('a webhook', () => {
  it('is told of what it wants, signed, in order, once', async () => {
    const { id } = await make();
    const site = await t.make('sites', { name: 'Quay' });
    await patch(site.id, 'Harbour');
    await t.make('contacts');
    await pass();
    await pass();
    const { got } = hooks.receiver;
    expect(got.map(one => [one.json.event, one.json.version])).toEqual([
      ['site.created', 1],
      ['site.updated', 2],
    ]);
    expect(got[1]?.json).toMatchObject({
      resource: 'sites',
      row_id: site.id,
      kind: 'updated',
      client_id: site.client_id,
      changes: { name: ['Quay', 'Harbour'] },
      is_complete: true,
    });
    const [last] = await deliveries(id);
    expect(last).toMatchObject({ id: got[1]?.json.id, status: 'delivered', attempts: 1, response_code: 204 });
    expect(last).toMatchObject({ failure: null, next_attempt_at: null, seq: got[1]?.json.seq });
    expect(got[1]?.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'opskeep-event': 'site.updated',
      'opskeep-delivery': last?.id,
      'opskeep-webhook': id,
      'opskeep-seq': String(last?.seq),
    });
    for (const one of got) expect(rightSignatures(one, SECRET)).toBe(1);
    const metrics = await t.http('GET', '/metrics', { token: METRICS });
    expect(metrics.text).toMatch(/opskeep_webhook_deliveries_total\{outcome="delivered"\} 2/);
    expect(metrics.text).toMatch(/opskeep_webhook_waiting_seconds 0/);
  });

  it('tells of no secret', async () => {
    await make({ events: ['*'] });
    await t.make('credentials', { password: 'CANARY of a webhook', credential_type: 'password' });
    await pass();
    const said = JSON.stringify(hooks.receiver.got.map(one => [one.body, one.headers]));
    expect(said).toContain('credential.created');
    for (const word of ['CANARY of a webhook', SECRET, 'sealed']) expect(said).not.toContain(word);
  });

  it('that fails for a row holds back what follows of that row, and nothing of others', async () => {
    const { id } = await make();
    const [one, other] = [await t.make('sites'), await t.make('sites')];
    await patch(one.id, 'Second');
    hooks.receiver.answer = (response, { json }) =>
      void response.writeHead(json.row_id === one.id ? 500 : 200).end('\u0007no room');
    await pass();
    expect(events()).toEqual([
      ['site.created', one.id],
      ['site.created', other.id],
    ]);
    const [waiting, done, failed] = await deliveries(id);
    expect([waiting?.attempts, done?.status]).toEqual([0, 'delivered']);
    expect(failed).toMatchObject({
      status: 'pending',
      attempts: 1,
      response_code: 500,
      response: ' no room',
    });
    expect(failed?.failure).toBe('was answered with 500');
    const pause = Date.parse(String(failed?.next_attempt_at)) - Date.parse(String(failed?.last_attempt_at));
    expect(pause).toBeGreaterThanOrEqual(5_000);
    hooks.receiver.answer = response => void response.writeHead(200).end();
    await later();
    await pass();
    expect(events().slice(2)).toEqual([
      ['site.created', one.id],
      ['site.updated', one.id],
    ]);
    expect(hooks.receiver.got[2]?.json.id).toBe(hooks.receiver.got[0]?.json.id);
  });

  it('gets what waits at once when its receiver is back', async () => {
    const { id } = await make();
    await hooks.receiver.close();
    const first = await t.make('sites');
    await pass();
    expect((await deliveries(id))[0]).toMatchObject({
      status: 'pending',
      failure: 'the connection was refused',
    });
    expect((await row(id)).failing_since).toEqual(expect.any(String));
    await t.change('UPDATE webhooks SET failing_since = ? WHERE id = ?', [twoMinutesAgo(), id]);
    hooks.receiver = await startReceiver(hooks.receiver.port);
    const second = await t.make('sites');
    await pass();
    expect(events()).toEqual([
      ['site.created', second.id],
      ['site.created', first.id],
    ]);
    expect((await row(id)).failing_since).toBeNull();
  });

  it('whose receiver hangs holds up no other, and is given its time alone', async () => {
    const [slow, { id }] = [await startReceiver(), await make()];
    slow.answer = () => undefined;
    const { id: hanging } = await make({ url: slow.url });
    const sender = t.app.get(Sender);
    const { patience } = sender;
    try {
      sender.patience = 60_000;
      await t.make('sites');
      const passing = pass();
      await Promise.all([slow.until(1), hooks.receiver.until(1)]);
      while ((await deliveries(id))[0]?.status !== 'delivered');
      expect((await deliveries(hanging))[0]?.attempts).toBe(0);
      await slow.close();
      await passing;
      expect((await deliveries(hanging))[0]?.failure).toBe('the connection was cut');
      sender.patience = 50;
      const deaf = await startReceiver(slow.port);
      deaf.answer = () => undefined;
      await later();
      await pass();
      await deaf.close();
      expect((await deliveries(hanging))[0]).toMatchObject({ attempts: 2, status: 'pending' });
      expect((await deliveries(hanging))[0]?.failure).toMatch(/^no answer within/);
    } finally {
      sender.patience = patience;
    }
  });

  it('gives a delivery up after a day of failures, and sends it again when asked', async () => {
    const { id } = await make();
    const site = await t.make('sites');
    hooks.receiver.answer = response => void response.writeHead(503).end();
    await pass();
    await t.change('UPDATE webhook_deliveries SET attempts = 5, next_attempt_at = ?', [LONG_AGO]);
    await pass();
    expect(await deliveries(id, '?status=dead')).toEqual([]);
    await t.change('UPDATE webhook_deliveries SET created_at = ?, next_attempt_at = ?', [LONG_AGO, LONG_AGO]);
    await pass();
    const [dead] = await deliveries(id, '?status=dead');
    expect(dead).toMatchObject({ attempts: 7, next_attempt_at: null, response_code: 503 });
    hooks.receiver.answer = response => void response.writeHead(200).end();
    const range = { from_seq: dead?.seq, to_seq: dead?.seq };
    expect((await act(id, 'replay', range)).body).toEqual({ count: 1 });
    await pass();
    expect(hooks.receiver.got.at(-1)?.json).toMatchObject({ id: dead?.id, row_id: site.id });
    expect((await deliveries(id))[0]).toMatchObject({ status: 'delivered', attempts: 1 });
  });

  it('that fails for three days is switched off, which is told, and goes on with what is new', async () => {
    const { id } = await make();
    hooks.receiver.answer = response => void response.writeHead(500).end();
    await t.make('sites');
    await pass();
    await t.change('UPDATE webhooks SET failing_since = ?', [LONG_AGO]);
    await later();
    await pass();
    expect(await row(id)).toMatchObject({
      is_active: false,
      disabled_at: expect.any(String),
      disabled_because: 'no delivery has succeeded for three days',
    });
    const log = await t.http('GET', `/api/api-audit-log?resource_id=${id}&action=webhook.disable`);
    expect(log.body.items[0]).toMatchObject({ actor_type: 'system', actor_name: 'webhooks' });
    const missed = await t.make('sites');
    await pass();
    hooks.receiver.answer = response => void response.writeHead(200).end();
    await t.http('PATCH', `/api/webhooks/${id}`, { body: { is_active: true } });
    expect(await row(id)).toMatchObject({ is_active: true, failing_since: null, disabled_because: null });
    const next = await t.make('sites');
    await pass();
    const told = events().map(one => (one as string[])[1]);
    expect([told.includes(missed.id), told.at(-1)]).toEqual([false, next.id]);
  });

  it('is told again of a range, as far as it wants that, by pages of its deliveries', async () => {
    const { id } = await make();
    for (let n = 0; n < 3; n++) await t.make('sites');
    await t.make('contacts');
    await pass();
    const seqs = (await deliveries(id)).map(one => Number(one.seq));
    expect(seqs).toEqual(seqs.toSorted((a, b) => b - a));
    const { body } = await t.http('GET', `/api/webhooks/${id}/deliveries?limit=2`);
    const behind = await deliveries(id, `?limit=2&cursor=${body.next}`);
    expect([...body.items.map(one => one.seq), ...behind.map(one => one.seq)]).toEqual(seqs);
    const range = { from_seq: Math.min(...seqs), to_seq: Math.max(...seqs) + 9 };
    expect((await act(id, 'replay', range)).body).toEqual({ count: 3 });
    await pass();
    expect(hooks.receiver.got).toHaveLength(6);
    for (const bad of [
      { from_seq: 2, to_seq: 1 },
      { from_seq: 1, to_seq: 10_001 },
      { from_seq: 0, to_seq: 1 },
      { from_seq: 1 },
    ])
      expect((await act(id, 'replay', bad)).status).toBe(422);
    await t.http('PATCH', `/api/webhooks/${id}`, { body: { is_active: false } });
    expect((await act(id, 'replay', range)).status).toBe(409);
    expect((await t.http('GET', `/api/webhooks/${id}/deliveries?status=lost`)).status).toBe(422);
  });

  it('is tried by a delivery that tells of no row, once, also while it is off', async () => {
    const { id } = await make({ is_active: false });
    hooks.receiver.answer = response => void response.writeHead(418).end('short and stout');
    const { status, body } = await act(id, 'test');
    expect([status, body.status]).toEqual([202, 'pending']);
    await pass();
    expect(hooks.receiver.got[0]?.json).toEqual({
      id: body.id,
      event: 'webhook.test',
      seq: null,
      at: expect.any(String),
      row_id: body.id,
    });
    expect((await deliveries(id))[0]).toMatchObject({ status: 'dead', response: 'short and stout' });
    expect((await row(id)).failing_since).toBeNull();
  });

  it('stores nothing of what came of a delivery when another process has taken over', async () => {
    const { id } = await make();
    await t.make('sites');
    let taken = Promise.resolve();
    hooks.receiver.answer = response => {
      taken = t
        .change('UPDATE webhooks SET fence = fence + 1')
        .then(() => void response.writeHead(200).end());
    };
    await pass();
    await taken;
    expect((await deliveries(id))[0]).toMatchObject({ status: 'pending', attempts: 0 });
    hooks.receiver.answer = response => void response.writeHead(200).end();
    await pass();
    expect((await deliveries(id))[0]).toMatchObject({ status: 'pending' });
    await t.change('UPDATE webhooks SET held_until = ?', [LONG_AGO]);
    await pass();
    expect((await deliveries(id))[0]).toMatchObject({ status: 'delivered', attempts: 1 });
    expect(hooks.receiver.got).toHaveLength(2);
  });

  it('follows no redirect, and reads no endless answer', async () => {
    const { id } = await make();
    hooks.receiver.answer = response => void response.writeHead(302, { location: '/other' }).end();
    await t.make('sites');
    await pass();
    expect((await deliveries(id))[0]).toMatchObject({
      response_code: 302,
      failure: 'redirects are not followed',
    });
    let sent = 0;
    hooks.receiver.answer = response => {
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(1_000))) sent += 1_000;
      };
      response.writeHead(200).on('drain', more);
      more();
    };
    await later();
    await pass();
    const [done] = await deliveries(id);
    expect([done?.status, String(done?.response).length]).toEqual(['delivered', 1_000]);
    expect(hooks.receiver.got).toHaveLength(2);
    expect(sent).toBeLessThan(20_000_000);
  });

  it('is understood by the receiver of docs/api.md, which refuses what another signs', async () => {
    const [, script = ''] =
      /## Webhooks\n[^]*?```js\n([^]*?)```/.exec(readFileSync('docs/api.md', 'utf8')) ?? [];
    const port = await freePort();
    const environment = { PATH: process.env.PATH ?? '', SECRET, PORT: String(port) };
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { env: environment });
    try {
      await untilOpen(port);
      const url = `http://127.0.0.1:${port}/`;
      const { id } = await make({ url });
      const { id: stranger } = await make({ url, secret: SECRET.replace('32', '33') });
      const said = new Promise(resolve => child.stdout.once('data', (text: Buffer) => resolve(String(text))));
      const site = await t.make('sites');
      await pass();
      expect(await said).toBe(`site.created ${site.id}\n`);
      expect((await deliveries(id))[0]).toMatchObject({ status: 'delivered', response_code: 204 });
      expect((await deliveries(stranger))[0]).toMatchObject({ status: 'pending', response_code: 401 });
      await act(id, 'rotate-secret');
      await t.http('DELETE', `/api/sites/${site.id}`);
      await pass();
      expect((await deliveries(id))[0]).toMatchObject({ event: 'site.deleted', status: 'delivered' });
      for (const signature of [
        '',
        'v1',
        't=1,v1=',
        't=x,v1=00',
        `t=${Date.now() / 1000},v1=${'0'.repeat(64)}`,
      ])
        expect(
          (await fetch(url, { method: 'POST', body: '{}', headers: { 'opskeep-signature': signature } }))
            .status,
        ).toBe(401);
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('forgets ended deliveries after a month', async () => {
    const { id } = await make();
    await t.make('sites');
    await pass();
    await t.change('UPDATE webhook_deliveries SET created_at = ?', [LONG_AGO]);
    await t.app.get(WebhookWorker).tidy();
    expect(await deliveries(id)).toEqual([]);
  });
});

const twoMinutesAgo = () => new Date(Date.now() - 120_000).toISOString().replace('T', ' ').slice(0, 23);

/** Until somebody listens there. */
async function untilOpen(port: number): Promise<void> {
  for (;;) {
    const isOpen = await new Promise(resolve => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).once('error', () => resolve(false));
      socket.unref().once('close', () => resolve(false));
      setTimeout(() => socket.destroy(), 20);
    });
    if (isOpen) return;
    await sleep(20);
  }
}
