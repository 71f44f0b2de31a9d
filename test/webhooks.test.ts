import { startApp, type Body, type Shown, type TestApp, type TestUser } from './app.js';
import { Sequencer } from '../src/core/audit/seals/sequencer.js';
import { WebhookWorker } from '../src/operations/webhooks/delivery/webhook-worker.service.js';
import { type Receiver, rightSignatures, startReceiver } from './harness/receiver.js';

const SECRET = 'CANARY of a signature, 32 bytes long';
let t: TestApp;
let receiver: Receiver;
beforeAll(async () => {
  t = await startApp({ settings: { WEBHOOK_ALLOW_PRIVATE: '127.0.0.1' } });
});
beforeEach(async () => void (receiver = await startReceiver()));
afterEach(async () => {
  await receiver.close();
  await t.change('DELETE FROM webhooks');
});
afterAll(() => t.close());

/** Everything that has happened by now is sent, as far as its time has come. */
async function pass(): Promise<void> {
  await t.app.get(Sequencer).sealNow();
  await t.app.get(WebhookWorker).pass();
}
const hook = (given: Body = {}, user: TestUser = t.admin) =>
  t.http('POST', '/api/webhooks', {
    token: user.token,
    body: { url: receiver.url, events: ['site.*'], secret: SECRET, ...given },
  });
const made = async (given?: Body, user?: TestUser): Promise<Shown> => {
  const { status, body, text } = await hook(given, user);
  if (status !== 201) throw new Error(text);
  return body;
};
const deliveries = async (id: string, query = ''): Promise<Body[]> =>
  (await t.http('GET', `/api/webhooks/${id}/deliveries${query}`)).body.items as unknown as Body[];
const events = () => receiver.got.map(one => [one.json.event, one.json.version]);

describe('a webhook', () => {
  it('is told of what it wants, signed, in order, once', async () => {
    const { id } = await made();
    const site = await t.make('sites', { name: 'Quay' });
    await t.http('PATCH', `/api/sites/${site.id}`, { body: { name: 'Harbour' } });
    await t.make('contacts');
    await pass();
    await pass();
    expect(events()).toEqual([
      ['site.created', 1],
      ['site.updated', 2],
    ]);
    const [first, second] = receiver.got;
    expect(second?.json).toMatchObject({
      resource: 'sites',
      row_id: site.id,
      kind: 'updated',
      client_id: site.client_id,
      changes: { name: ['Quay', 'Harbour'] },
      is_complete: true,
    });
    const [row] = await deliveries(id);
    expect(row).toMatchObject({ id: second?.json.id, status: 'delivered', attempts: 1, response_code: 204 });
    expect(row).toMatchObject({ error: null, next_attempt_at: null, seq: second?.json.seq });
    expect(second?.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'opskeep-event': 'site.updated',
      'opskeep-delivery': row?.id,
      'opskeep-webhook': id,
      'opskeep-seq': String(row?.seq),
    });
    expect(first && rightSignatures(first, SECRET)).toBe(1);
  });
});
