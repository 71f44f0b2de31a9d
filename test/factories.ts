import { randomBytes } from 'node:crypto';
import { allResources, type ResourceSpec } from '../src/core/resource/resource.js';
import type { Body, Http, Shown } from './harness/requests.js';

/** What a factory may use: it makes what its row needs. */
export interface Maker {
  client(): Promise<string>;
  body(path: string, given?: Body): Promise<Body>;
  make(path: string, given?: Body): Promise<Shown>;
}

/** A valid body for one more row; with `client_id`, also what it refers to belongs there. */
type Factory = (t: Maker, client_id: string | null) => Body | Promise<Body>;

/** `site-3f2a91c0`: names that are unique in their table. */
export function unique(prefix: string): string {
  return `${prefix}-${randomBytes(4).toString('hex')}`;
}

const password = () => `CANARY ${randomBytes(12).toString('base64url')}`;

/** One line for each resource, by its path. */
export const factories: Record<string, Factory> = {
  users: () => ({ email: `${unique('user')}@canary.test`, name: 'Canary User', password: password() }),
  clients: () => ({ name: unique('client') }),
};

/** The resource with this path below /api. */
export function resourceAt(path: string): ResourceSpec {
  const spec = allResources().find(one => one.path === path);
  if (!spec) throw new Error(`There is no resource ${path}`);
  return spec;
}

/** Rows over HTTP, as the administrator, with the bodies of the factories. */
export function makerOf(http: Http): Maker {
  let shared: Promise<string> | undefined;
  const client = () => (shared ??= make('clients').then(row => row.id));

  async function body(path: string, given: Body = {}): Promise<Body> {
    const factory = factories[path];
    if (!factory) throw new Error(`test/factories.ts has no line for ${path}`);
    const spec = resourceAt(path);
    const { client_id, ...rest } = given;
    const owned = spec.client !== 'none' && path !== 'clients';
    const place = client_id === undefined ? (owned ? await client() : null) : (client_id as string | null);
    const made = await factory({ client, body, make }, place);
    // `via` resources take their client from the parent that the factory has put there.
    const direct = client_id !== undefined && spec.byName.get('client_id')?.readOnly === undefined;
    return { ...made, ...(direct && spec.byName.has('client_id') ? { client_id } : {}), ...rest };
  }

  async function make(path: string, given: Body = {}): Promise<Shown> {
    const answer = await http('POST', `/api/${path}`, { body: await body(path, given) });
    if (answer.status !== 201) throw new Error(`POST /api/${path}: ${answer.status} ${answer.text}`);
    return answer.body;
  }

  return { client, body, make };
}
