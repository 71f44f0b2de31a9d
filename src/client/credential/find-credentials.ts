import { ClientError } from '../cli/errors.js';
import { fewAtOnce } from '../server/few-at-once.js';
import { alike, called, type Filter, type Found, listed } from './called.js';
import { isId, missing } from '../naming/query.js';
import { within } from './place.js';
import { several } from './several.js';

/** Which credential is meant. */
export interface Named {
  /** Its id, its name, or the service that it is for. */
  credential: string;
  /** A client by name or id, `pool`, or `private`; anywhere when absent. Not looked at beside an id of a credential. */
  place?: string;
  /** Of several the one that has this secret is meant. */
  field?: string;
  /** Among what is archived; an id finds that anyway. */
  archived?: boolean;
  /**
   * Where nothing is called so, what reads the same is meant: for people who type. A reference in a file means what it
   * says, or whoever may create credentials could be the first to be called exactly so.
   */
  typed?: boolean;
}

/** The same answer for the same question, asked once. */
function once<T>(work: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const known = new Map<string, Promise<T>>();
  return key => {
    const begun = known.get(key) ?? work(key);
    known.set(key, begun);
    return begun;
  };
}

async function filterOf({ place, archived }: Named): Promise<Filter> {
  return { ...(await within(place)), archived: archived ? 'true' : undefined };
}

/** @returns ClientError for none (3), and for several (1), with what tells them apart */
async function onlyOne(named: Named, found: Found[]): Promise<Found | ClientError> {
  const { credential, place, field } = named;
  const having = field === undefined ? [] : found.filter(one => one.secret_fields.includes(field));
  const [first, ...more] = having.length > 0 ? having : found;
  if (first) return more.length === 0 ? first : several(credential, place, [first, ...more]);
  const filter = await filterOf(named);
  const { same, near } = await alike(credential, filter);
  if (named.typed && same.length > 0) return onlyOne({ ...named, typed: false }, same);
  return missing([none(named), await hintOf(named, near, filter)].join(''));
}

const none = ({ credential, place, archived }: Named) =>
  `There is no ${archived ? 'archived ' : ''}credential ${credential}${place === undefined ? '' : ` in ${place}`}`;

async function hintOf({ credential, archived }: Named, near: string[], filter: Filter): Promise<string> {
  if (near.length > 0) return `. There are: ${near.join(', ')}`;
  const old = archived
    ? undefined
    : (await called([credential], { ...filter, archived: 'true' })).get(credential);
  if (!old?.[0]) return '';
  return `. An archived one is called so: get and show find it with --archived, or by its id ${old[0].id}`;
}

/**
 * The credentials that are meant, in the same order, each or why it is not found. What is asked for in one place is asked
 * for together: by name, by service, and by id.
 *
 * @throws ClientError where the server cannot be asked at all
 */
export async function findCredentials(wanted: Named[]): Promise<(Found | ClientError)[]> {
  const ids = [...new Set(wanted.map(one => one.credential.toLowerCase()).filter(isId))];
  // An id means one row for good; a name that an archived one has may be another's today.
  const byId = new Map((await listed('id', ids, { archived: 'any' })).map(one => [one.id, one]));
  const placeOf = ({ place, archived = false }: Named) => JSON.stringify([place, archived]);
  const inPlace = once(async key => {
    const there = wanted.filter(one => placeOf(one) === key && !isId(one.credential));
    const [first] = there;
    return called([...new Set(there.map(one => one.credential))], first ? await filterOf(first) : {});
  });
  return fewAtOnce(wanted, async one => {
    const id = one.credential.toLowerCase();
    try {
      if (isId(id)) return byId.get(id) ?? missing(none({ credential: one.credential }));
      return await onlyOne(one, (await inPlace(placeOf(one))).get(one.credential) ?? []);
    } catch (error) {
      if (!(error instanceof ClientError) || error.code === 'unreachable') throw error;
      return error;
    }
  });
}

/** @throws ClientError for none (3), and for several (1), with what tells them apart */
export async function findCredential(named: Named): Promise<Found> {
  const [found] = await findCredentials([named]);
  if (!found || found instanceof ClientError) throw found ?? missing('There is no such credential');
  return found;
}
