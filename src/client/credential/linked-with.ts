import { ClientError } from '../cli/errors.js';
import { KINDS } from '../naming/kinds.js';
import { askAsUser } from '../session/as-user.js';

/** What a credential is linked with. */
export interface Link {
  resource: string;
  resource_id: string;
  name: string;
}

/** Links that are fields of the credential, with the lists that they name a row of. */
export interface OwnLinks {
  service_id: string | null;
  infrastructure_id: string | null;
  site_id: string | null;
}

const LISTS = { service_id: 'services', infrastructure_id: 'infrastructure', site_id: 'sites' } as const;

/** By the fields of a credential and by its further links, each with its name, or its id where the token may not see it. */
export async function linkedWith(id: string, own: OwnLinks): Promise<Link[]> {
  const links: Link[] = [];
  for (const field of Object.keys(LISTS) as (keyof OwnLinks)[]) {
    const [resource, resource_id] = [LISTS[field], own[field]];
    if (resource_id !== null)
      links.push({ resource, resource_id, name: await nameAt(resource, resource_id) });
  }
  const { items } = await askAsUser<{ items: Link[] }>({
    path: `/credentials/${id}/links`,
    holds: ['items[].resource', 'items[].resource_id', 'items[].name'],
  });
  return [...links, ...items];
}

async function nameAt(list: string, id: string): Promise<string> {
  try {
    const row = await askAsUser<Record<string, unknown>>({ path: `/${list}/${id}` });
    const names = KINDS.find(one => one.path === list)?.called ?? [];
    return names.map(name => row[name]).find(one => typeof one === 'string') ?? id;
  } catch (error) {
    const isHidden = error instanceof ClientError && ['authorization', 'not_found'].includes(error.code);
    if (!isHidden) throw error;
    return id;
  }
}
