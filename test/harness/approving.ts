import type { Scope } from '../../src/core/context/actor.js';
import type { Answer, Body, Shown, TestApp, TestUser } from '../app.js';

export const PLAIN: Scope[] = ['msp:read', 'msp:write'];
export const SECRET = 'CANARY-approved';
export const WHY = 'The mail server is down';

/** Who asks unless a test says otherwise, and who approves. */
export interface People {
  owner: TestUser;
  boss: TestUser;
}

/** Credentials that ask for an approval, and the way to one. */
export interface Approving {
  credential(given?: Body, by?: TestUser): Promise<Shown>;
  get(id: string, user?: TestUser, headers?: Record<string, string>): Promise<Answer>;
  ask(body: Body, user?: TestUser): Promise<Answer>;
  act(
    id: string,
    verb: string,
    user: TestUser,
    body?: Body,
    headers?: Record<string, string>,
  ): Promise<Answer>;
  asked(body: Body, user?: TestUser): Promise<Shown>;
  approved(body: Body, user?: TestUser, by?: TestUser): Promise<Shown>;
  grant(body: Body, by?: TestUser): Promise<Answer>;
  at(id: string, user?: TestUser): Promise<Answer['body']>;
  /** What happens after an answer, in a unit of its own. */
  until(id: string, status: string): Promise<void>;
}

export function approvingOf(t: TestApp, people: People): Approving {
  const ask: Approving['ask'] = (body, user = people.owner) =>
    t.http('POST', '/api/approval-requests', { token: user.token, body: { reason: WHY, ...body } });
  const act: Approving['act'] = (id, verb, user, body = {}, headers = {}) =>
    t.http('POST', `/api/approval-requests/${id}/${verb}`, { token: user.token, body, headers });
  const asked: Approving['asked'] = async (body, user) => {
    const answer = await ask(body, user);
    expect([answer.status, answer.body]).toEqual([201, expect.objectContaining({ status: 'pending' })]);
    return answer.body;
  };
  const at: Approving['at'] = async (id, user = t.admin) =>
    (await t.http('GET', `/api/approval-requests/${id}`, { token: user.token })).body;
  return {
    at,
    until: async (id, status) => {
      for (let n = 0; n < 200; n++) {
        if ((await at(id)).status === status) return;
        await new Promise(resolve => setTimeout(resolve, 20));
      }
      throw new Error(`The request did not become ${status}`);
    },
    ask,
    act,
    asked,
    credential: async (given = {}, by = people.owner) => {
      const named = { credential_type: 'password', service_name: 'Mail', password: SECRET };
      const body = { ...named, reveal_policy: 'approval', ...given };
      const answer = await t.http('POST', '/api/credentials', { token: by.token, body });
      expect([answer.status, answer.body]).toEqual([201, expect.anything()]);
      return answer.body;
    },
    get: (id, user = people.owner, headers = {}) =>
      t.http('GET', `/api/credentials/${id}`, { token: user.token, headers }),
    approved: async (body, user, by = people.boss) => {
      const { id } = await asked(body, user);
      const answer = await act(id, 'approve', by);
      expect([answer.status, answer.body]).toEqual([200, expect.objectContaining({ status: 'approved' })]);
      return answer.body;
    },
    grant: (body, by = people.owner) =>
      t.http('POST', '/api/credential-permissions', { token: by.token, body }),
  };
}
