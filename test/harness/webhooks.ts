import { Sequencer } from '../../src/core/audit/seals/sequencer.js';
import { WebhookWorker } from '../../src/operations/webhooks/delivery/webhook-worker.service.js';
import type { Body, Shown, TestApp, TestUser } from '../app.js';
import { type Receiver, startReceiver } from './receiver.js';

export const SECRET = 'CANARY of a signature, 32 bytes long';
export const LONG_AGO = '2020-01-01 00:00:00.000';

/** What tests of webhooks do again and again; `receiver` is a new one for each test. */
export interface HookBed {
  receiver: Receiver;
  /** Everything that has happened by now is sent, as far as its time has come. */
  pass(): Promise<void>;
  make(given?: Body, user?: TestUser): Promise<Shown>;
  act(id: string, action: string, body?: Body, user?: TestUser): ReturnType<TestApp['http']>;
  deliveries(id: string, query?: string): Promise<Body[]>;
  row(id: string): Promise<Shown>;
  /** The pauses before the next attempts are over. */
  later(): Promise<void>;
  events(): unknown[];
  begin(): Promise<void>;
  end(): Promise<void>;
}

export function hookBed(t: () => TestApp): HookBed {
  const bed: HookBed = {
    receiver: undefined as unknown as Receiver,
    pass: async () => {
      await t().app.get(Sequencer).sealNow();
      await t().app.get(WebhookWorker).pass();
    },
    make: async (given = {}, user = t().admin) => {
      const body = { url: bed.receiver.url, events: ['site.*'], secret: SECRET, ...given };
      const answer = await t().http('POST', '/api/webhooks', { token: user.token, body });
      if (answer.status !== 201) throw new Error(answer.text);
      return answer.body;
    },
    act: (id, action, body, user = t().admin) =>
      t().http('POST', `/api/webhooks/${id}/${action}`, { token: user.token, ...(body ? { body } : {}) }),
    deliveries: async (id, query = '') =>
      (await t().http('GET', `/api/webhooks/${id}/deliveries${query}`)).body.items as unknown as Body[],
    row: async id => (await t().http('GET', `/api/webhooks/${id}`)).body,
    later: () => t().change('UPDATE webhook_deliveries SET next_attempt_at = ?', [LONG_AGO]),
    events: () => bed.receiver.got.map(one => [one.json.event, one.json.row_id]),
    begin: async () => void (bed.receiver = await startReceiver()),
    end: async () => {
      await bed.receiver.close();
      await t().change('DELETE FROM webhooks');
    },
  };
  return bed;
}
