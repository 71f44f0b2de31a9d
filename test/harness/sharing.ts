import { createDecipheriv } from 'node:crypto';
import type { Answer, Body, Shown, TestApp, TestUser } from '../app.js';

export const SECRET = 'CANARY of a link <b>&"</b>';
export const WHY = 'A new colleague needs it';

export interface Link {
  id: string;
  url: string;
  token: string;
  key: string;
}
/** An entry about a credential. */
interface Entry {
  action: string;
  outcome: string;
  actor_type: string;
  actor_name: string;
  details: string;
}

/** Credentials of one user, and links to them. */
export interface Sharing {
  credential(given?: Body): Promise<Shown>;
  share(id: string, body?: Body, token?: string): Promise<Answer>;
  redeem(token: string, passphrase?: string): Promise<Answer>;
  shares(id: string, user?: TestUser): Promise<Answer['body']['items']>;
  linkTo(id: string, body?: Body, by?: string): Promise<Link>;
  /** A link to a credential that is made for it. */
  made(body?: Body, given?: Body): Promise<Link & { of: string }>;
  trail(id: string): Promise<Entry[]>;
}

export function sharingOf(t: TestApp, owner: TestUser): Sharing {
  const credential: Sharing['credential'] = async (given = {}) => {
    const body = { credential_type: 'password', service_name: 'Mail', username: 'anna', password: SECRET };
    const answer = await t.http('POST', '/api/credentials', {
      token: owner.token,
      body: { ...body, totp_secret: 'JBSWY3DPEHPK3PXP', ...given },
    });
    expect(answer.status).toBe(201);
    return answer.body;
  };
  const share: Sharing['share'] = (id, body = {}, token = owner.token) =>
    t.http('POST', `/api/credentials/${id}/share`, { token, body: { reason: WHY, ...body } });
  const linkTo: Sharing['linkTo'] = async (id, body, by) => {
    const answer = await share(id, body, by);
    expect([answer.status, answer.body]).toEqual([201, expect.anything()]);
    const url = String(answer.body.url);
    const [, token = '', key = ''] = /\/share#([\w-]{22})\.([\w-]{43})$/.exec(url) ?? [];
    return { id: answer.body.id, url, token, key };
  };
  return {
    credential,
    share,
    linkTo,
    made: async (body, given) => {
      const { id } = await credential(given);
      return { ...(await linkTo(id, body)), of: id };
    },
    redeem: (token, passphrase) =>
      t.http('POST', '/api/shares/redeem', { token: null, body: { token, passphrase } }),
    shares: async (id, user = owner) =>
      (await t.http('GET', `/api/credentials/${id}/shares`, { token: user.token })).body.items,
    trail: id =>
      t.sql<Entry>(
        'SELECT action, outcome, actor_type, actor_name, details FROM journal WHERE resource_id = ? ORDER BY n',
        [id],
      ),
  };
}

/** What the browser does with an answer. */
export function opened(sealed: unknown, { token, key }: Link): Body {
  const raw = Buffer.from(String(sealed), 'base64url');
  const decipher = createDecipheriv('aes-256-gcm', Buffer.from(key, 'base64url'), raw.subarray(0, 12));
  decipher.setAAD(Buffer.from(token)).setAuthTag(raw.subarray(-16));
  return JSON.parse(decipher.update(raw.subarray(12, -16)).toString() + decipher.final().toString()) as Body;
}
