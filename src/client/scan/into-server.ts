import { ClientError } from '../cli/errors.js';
import { Progress } from '../cli/output.js';
import { within } from '../credential/place.js';
import { queryOf } from '../naming/query.js';
import { askAsUser } from '../session/as-user.js';
import type { Finding } from './findings.js';
import type { Outcome } from './outcome.js';

/** Of names in one request. */
const MOST_NAMES = 50;

interface Known {
  service_name: string;
  username: string | null;
  credential_type: string;
}

const sameAs = ({ service_name, username, credential_type }: Known) =>
  JSON.stringify([service_name.toLowerCase(), username?.toLowerCase() ?? null, credential_type]);

const isWebAddress = (url: string) => /^https?:\/\/[^\s@]+$/i.test(url);

/** As the server takes it; an address that is none of the web stands in the notes. */
function bodyOf(
  one: Finding,
  { client_id, visibility }: Record<string, string>,
): Known & Record<string, unknown> {
  const { service, type, username, url, port, notes, secrets } = one;
  const isWeb = url !== null && isWebAddress(url);
  const said = [notes, url !== null && !isWeb ? `Address: ${url}` : null].filter(text => text !== null);
  return {
    ...(client_id === undefined ? { visibility } : { client_id }),
    service_name: service,
    credential_type: type,
    username,
    external_url: isWeb ? url : null,
    custom_port: port,
    notes: said.join('\n') || null,
    ...secrets,
  };
}

/** What is in a place already for the services that were found. */
async function known(services: string[], place: Record<string, string>): Promise<Set<string>> {
  const found = new Set<string>();
  for (let at = 0; at < services.length; at += MOST_NAMES) {
    const fields = 'service_name,username,credential_type';
    const query = { ...place, service_name: services.slice(at, at + MOST_NAMES), fields, limit: 1_000 };
    const { items } = await askAsUser<{ items: Known[] }>({
      path: `/credentials${queryOf(query)}`,
      holds: ['items[].service_name', 'items[].credential_type', 'items[].username?'],
    });
    for (const one of items) found.add(sameAs(one));
  }
  return found;
}

/**
 * Stores what was found at the server, one by one, each with an entry of its own on the trail. What is there already, of
 * the same service, user and type, stays as it is, so that a second time stores nothing twice.
 *
 * @param named a client by name or id, `pool` or `private`
 * @throws ClientError where the server cannot be asked at all
 */
export async function intoServer(findings: Finding[], named: string): Promise<Outcome[]> {
  const place = await within(named);
  const there = await known([...new Set(findings.map(one => one.service))], place);
  const progress = new Progress('Storing');
  const outcomes: Outcome[] = [];
  for (const one of findings) {
    progress.at(outcomes.length, findings.length);
    const body = bodyOf(one, place);
    outcomes.push(there.has(sameAs(body)) ? { result: 'there already' } : await store(body));
    if (outcomes.at(-1)?.result === 'stored') there.add(sameAs(body));
  }
  progress.end();
  return outcomes;
}

async function store(body: object): Promise<Outcome> {
  try {
    const made = await askAsUser<{ id: string; duplicates?: string[] }>({
      method: 'POST',
      path: '/credentials',
      body,
      holds: ['id'],
    });
    return { result: 'stored', as: made.id, duplicates: made.duplicates ?? [] };
  } catch (error) {
    if (!(error instanceof ClientError) || error.code === 'unreachable') throw error;
    return { result: 'refused', reason: error.message };
  }
}
