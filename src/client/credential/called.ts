import { askAsUser } from '../session/as-user.js';
import { queryOf, readable } from '../naming/query.js';

/** What is known of a credential without opening it. */
export interface Found {
  id: string;
  name: string | null;
  service_name: string;
  username: string | null;
  client_id: string | null;
  visibility: string;
  credential_type: string;
  /** Which secrets it has. */
  secret_fields: string[];
}

/** Filters of a list. */
export type Filter = Record<string, string | undefined>;

const FIELDS = 'id,name,service_name,username,client_id,visibility,credential_type,secret_fields';
const HOLDS = ['id', 'service_name', 'credential_type', 'name?', 'username?', 'client_id?'].map(
  field => `items[].${field}`,
);
/** Of names in one request. */
const MOST_NAMES = 50;
const MOST = 1_000;
/** What the user may open comes before what it only sees, as at the door of KV; nothing else comes before another. */
const TIERS: Filter[] = [{ openable: 'true' }, {}];

interface Page {
  items: Found[];
  next: string | null;
}

const page = (query: Record<string, string | string[] | undefined>) =>
  askAsUser<Page>({
    path: `/credentials${queryOf({ ...query, fields: FIELDS, limit: MOST, count: 'none' })}`,
    holds: HOLDS,
  });

/** All that have one of some texts in a field. */
export async function listed(
  by: 'id' | 'name' | 'service_name',
  texts: string[],
  filter: Filter,
): Promise<Found[]> {
  const found: Found[] = [];
  for (let at = 0; at < texts.length; at += MOST_NAMES) {
    const some = texts.slice(at, at + MOST_NAMES);
    const { items, next } = await page({ ...filter, [by]: some });
    // What a page leaves out might be what makes a name ambiguous; of one text alone so many are.
    if (next === null || some.length === 1) found.push(...items);
    else for (const one of some) found.push(...(await listed(by, [one], filter)));
  }
  return found;
}

/** By text what is called so, by name or service alike: whoever may create credentials must not come first with either. */
export async function called(texts: string[], filter: Filter): Promise<Map<string, Found[]>> {
  const found = new Map<string, Found[]>();
  for (const tier of TIERS) {
    const left = texts.filter(text => !found.has(text));
    if (left.length === 0) break;
    for (const by of ['name', 'service_name'] as const)
      for (const one of await listed(by, left, { ...filter, ...tier })) {
        const text = String(one[by]);
        const others = found.get(text) ?? [];
        if (!others.some(({ id }) => id === one.id)) found.set(text, [...others, one]);
      }
  }
  return found;
}

/** What reads the same as a text that nothing is called by, and what has it in its name. */
export async function alike(text: string, filter: Filter): Promise<{ same: Found[]; near: string[] }> {
  const q = text.trim().slice(0, 200);
  let near: string[] = [];
  for (const tier of q === '' ? [] : TIERS) {
    const { items, next } = await page({ ...filter, ...tier, q });
    const reads = (one: string | null) => one !== null && readable(one) === readable(text);
    const same = items.filter(one => reads(one.name) || reads(one.service_name));
    // Of more than a page none is chosen: the others are not known.
    if (same.length > 0 && next === null) return { same, near: same.map(nameOf) };
    near = items.map(nameOf);
  }
  return { same: [], near: [...new Set(near)].slice(0, 5) };
}

export const nameOf = ({ name, service_name }: Pick<Found, 'name' | 'service_name'>) => name ?? service_name;
