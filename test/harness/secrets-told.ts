import { randomBytes } from 'node:crypto';
import { query } from './query.js';
import { type Answered, call, type Server } from './server.js';

/** What streams of work on credentials were told. */
export interface SecretsTold {
  /** By id: what the last acknowledged write has stored, and after it what may have been, its answer being lost. */
  values: Map<string, string[]>;
  /** Answers with secrets: id of the request and of the credential. */
  opened: [request: string, credential: string][];
  statuses: Set<number>;
}

export const noSecretsTold = (): SecretsTold => ({ values: new Map(), opened: [], statuses: new Set() });

const secret = () => `CANARY ${randomBytes(12).toString('base64url')}`;
const REASON = { reason: 'The campaign wants it' };

/** Creates, changes, rotates and opens credentials, one request after another, until the server is gone. */
export async function workOnSecrets(server: Server, token: string, told: SecretsTold): Promise<void> {
  const send = async (method: string, path: string, body?: object): Promise<Answered> => {
    const answer = await call(server, method, `/api/credentials${path}`, { token, body });
    told.statuses.add(answer.status);
    return answer;
  };
  const note = ({ status, headers }: Answered, ids: string[]) => {
    if (status === 200) for (const id of ids) told.opened.push([headers.get('x-request-id') ?? '', id]);
  };
  const store = async (id: string, method: string, path: string) => {
    const value = secret();
    const before = told.values.get(id) ?? [];
    told.values.set(id, [...before, value]);
    const body = method === 'POST' ? { field: 'password', value } : { password: value };
    const { status } = await send(method, path, body);
    told.values.set(id, status === 200 ? [value] : before);
  };
  const ids: string[] = [];
  try {
    for (;;) {
      const password = secret();
      const body = { credential_type: 'password', service_name: secret(), password };
      const made = await send('POST', '', body);
      if (made.status !== 201) continue;
      const { id } = made.body;
      ids.push(id);
      told.values.set(id, [password]);
      note(await send('POST', `/${id}/reveal`, REASON), [id]);
      await store(id, 'PATCH', `/${id}`);
      note(await send('GET', `/${id}`), [id]);
      await store(id, 'POST', `/${id}/rotate`);
      const some = ids.slice(-5);
      note(await send('POST', '/reveal', { ids: some, ...REASON }), some);
    }
  } catch {
    // The connection broke: the outcome of the last request is unknown.
  }
}

/** Answered openings that have no entry of their own on the trail. */
export async function withoutEntry(url: string, opened: SecretsTold['opened']): Promise<string[]> {
  const missing: string[] = [];
  for (const [request, credential] of opened) {
    const rows = await query(
      url,
      "SELECT n FROM journal WHERE request_id = ? AND resource_id = ? AND outcome = 'ok' AND action IN ('credential.reveal', 'credential.decrypt')",
      [request, credential],
    );
    if (rows.length !== 1) missing.push(`${rows.length} entries of ${request} about ${credential}`);
  }
  return missing;
}

/** Acknowledged credentials that are gone, or hold what was never stored. */
export async function lostSecrets(server: Server, token: string, { values }: SecretsTold): Promise<string[]> {
  const lost: string[] = [];
  const all = [...values.keys()];
  for (let at = 0; at < all.length; at += 100) {
    const ids = all.slice(at, at + 100);
    const { status, body } = await call(server, 'POST', '/api/credentials/reveal', {
      token,
      body: { ids, ...REASON },
    });
    if (status !== 200) throw new Error(`The secrets were not opened: ${status} ${JSON.stringify(body)}`);
    for (const [n, one] of (
      body.results as unknown as { status: number; secrets?: { password?: string } }[]
    ).entries()) {
      const id = ids[n] ?? '';
      if (one.status !== 200 || !values.get(id)?.includes(one.secrets?.password ?? ''))
        lost.push(`${id}: ${one.status}`);
    }
  }
  return lost;
}
