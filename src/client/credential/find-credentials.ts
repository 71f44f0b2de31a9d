import { ClientError, UsageError } from '../cli/errors.js';
import { askAsUser } from '../session/as-user.js';
import { clientNamed } from './client-named.js';
import { ambiguous, isId, missing, queryOf } from './named.js';

/** Which credential is meant. */
export interface Named {
  /** Its id, its name, or the service that it is for. */
  credential: string;
  /** A client by name or id, `pool`, or `private`; anywhere when absent. Not looked at beside an id of a credential. */
  place?: string;
}

/** What is known of a credential without opening it. */
export interface Found {
  id: string;
  name: string | null;
  service_name: string;
  username: string | null;
  client_id: string | null;
  visibility: string;
  credential_type: string;
}

const FIELDS = 'id,name,service_name,username,client_id,visibility,credential_type';
/** Of names in one request. */
const MOST_NAMES = 50;

/** The same answer for the same question, asked once. */
function once<K, T>(work: (key: K) => Promise<T>): (key: K) => Promise<T> {
  const known = new Map<K, Promise<T>>();
  return key => {
    const begun = known.get(key) ?? work(key);
    known.set(key, begun);
    return begun;
  };
}

/** The filter of a list for what stands in a place. */
export async function within(place: string | undefined): Promise<Record<string, string>> {
  if (place === undefined) return {};
  // A variable that is not set: to look everywhere would take another one's credential.
  if (place === '') throw new UsageError('The client has no name: it is empty.');
  if (place === 'pool' || place === 'private') return { client_id__isnull: 'true', visibility: place };
  return { client_id: isId(place) ? place : (await clientNamed(place)).id };
}

type By = 'id' | 'name' | 'service_name';

async function listed(by: By, texts: string[], place: Record<string, string>): Promise<Found[]> {
  const found: Found[] = [];
  for (let at = 0; at < texts.length; at += MOST_NAMES) {
    // An id means one row for good; a name that an archived one has may be another's today.
    const archived = by === 'id' ? 'any' : undefined;
    const names = texts.slice(at, at + MOST_NAMES);
    const query = { ...place, [by]: names, archived, fields: FIELDS, limit: 1_000 };
    found.push(...(await askAsUser<{ items: Found[] }>({ path: `/credentials${queryOf(query)}` })).items);
  }
  return found;
}

/** What of one place is called by some texts: by name, and where none is called so, by service. */
async function inPlace(texts: string[], place: string | undefined): Promise<Map<string, Found[]>> {
  const filter = await within(place);
  const found = new Map<string, Found[]>();
  for (const by of ['name', 'service_name'] as const) {
    const left = texts.filter(text => !found.has(text));
    if (left.length === 0) break;
    for (const one of await listed(by, left, filter)) {
      const called = String(one[by]);
      found.set(called, [...(found.get(called) ?? []), one]);
    }
  }
  return found;
}

function onlyOne({ credential, place }: Named, found: Found[] = []): Found | ClientError {
  const [first, ...more] = found;
  const where = place === undefined ? '' : ` in ${place}`;
  if (!first) return missing(`There is no credential ${credential}${where}`);
  if (more.length === 0) return first;
  const ids = found.slice(0, 10).map(one => `\n  ${one.id}  ${one.name ?? one.service_name}`);
  const rest = found.length > 10 ? `\n  and ${found.length - 10} more` : '';
  return ambiguous(
    `Several credentials${where} are called ${credential}: name one by its id${ids.join('')}${rest}`,
  );
}

/**
 * The credentials that are meant, in the same order, each or why it is not found: one request for the names of a place, and
 * one for its client, however many are asked for.
 *
 * @throws ClientError where the server cannot be asked at all
 */
export async function findCredentials(wanted: Named[]): Promise<(Found | ClientError)[]> {
  const ids = [...new Set(wanted.map(one => one.credential.toLowerCase()).filter(isId))];
  const byId = new Map((ids.length > 0 ? await listed('id', ids, {}) : []).map(one => [one.id, one]));
  const textsOf = (place: string | undefined) =>
    wanted.filter(one => !isId(one.credential) && one.place === place).map(one => one.credential);
  const inPlaces = once((place: string | undefined) => inPlace([...new Set(textsOf(place))], place));
  const found: (Found | ClientError)[] = [];
  for (const one of wanted) {
    const { credential, place } = one;
    const id = credential.toLowerCase();
    try {
      if (isId(id)) found.push(byId.get(id) ?? missing(`There is no credential ${credential}`));
      else found.push(onlyOne(one, (await inPlaces(place)).get(credential)));
    } catch (error) {
      if (!(error instanceof ClientError) || error.code === 'unreachable') throw error;
      found.push(error);
    }
  }
  return found;
}

/** @throws ClientError for none (3), and for several (1), with their ids */
export async function findCredential(named: Named): Promise<Found> {
  const [found] = await findCredentials([named]);
  if (!found || found instanceof ClientError) throw found ?? missing('There is no such credential');
  return found;
}
