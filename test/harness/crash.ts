import { randomBytes } from 'node:crypto';
import { query } from './query.js';
import { call, type Server } from './server.js';

/** What a stream of writes was told: ids that were acknowledged, and every status that came. */
export interface Told {
  acknowledged: Set<string>;
  statuses: Set<number>;
}

export const nothingTold = (): Told => ({ acknowledged: new Set(), statuses: new Set() });

/** Writes one after another (a row, a whole batch, a change) until the server is gone or `stop` says so. */
export async function write(server: Server, token: string, told: Told, stop = () => false): Promise<void> {
  const unique = () => `CANARY ${randomBytes(8).toString('hex')}`;
  const send = async (method: string, path: string, body: object) => {
    const answer = await call(server, method, path, { token, body });
    told.statuses.add(answer.status);
    return answer;
  };
  try {
    while (!stop()) {
      const batch = unique();
      const items = [1, 2, 3, 4].map(n => ({ name: `${batch} ${n}`, notes: batch }));
      const bulk = await send('POST', '/api/clients/bulk', { atomic: true, items });
      if (bulk.status === 200) for (const { id } of bulk.body.results) told.acknowledged.add(id ?? '');
      const one = await send('POST', '/api/clients', { name: unique() });
      if (one.status !== 201) continue;
      told.acknowledged.add(one.body.id);
      await send('PATCH', `/api/clients/${one.body.id}`, { notes: unique() });
    }
  } catch {
    // The connection broke: the outcome of the last request is unknown.
  }
}

/** What must hold after any fault: acknowledged rows, whole batches, and an entry for each version of each row. */
export async function expectConsistent(url: string, { acknowledged }: Told): Promise<void> {
  const clients = await query<{ id: string; version: number; notes: string | null }>(
    url,
    'SELECT id, version, notes FROM clients',
  );
  const ids = new Set(clients.map(one => one.id));
  expect([...acknowledged].filter(id => !ids.has(id))).toEqual([]);
  const entries = await query<{ resource_id: string }>(
    url,
    "SELECT resource_id FROM journal WHERE resource_type = 'client' AND outcome = 'ok'",
  );
  const count = (values: string[]) => {
    const counts = new Map<string, number>();
    for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
    return counts;
  };
  const entriesOf = count(entries.map(one => one.resource_id));
  expect(clients.filter(one => entriesOf.get(one.id) !== one.version)).toEqual([]);
  expect([...entriesOf.keys()].filter(id => !ids.has(id))).toEqual([]);
  const batches = count(clients.flatMap(one => (one.version === 1 && one.notes ? [one.notes] : [])));
  expect([...batches.values()].filter(size => size !== 4)).toEqual([]);
}
