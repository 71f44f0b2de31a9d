import { randomBytes, randomUUID } from 'node:crypto';
import { allResources, clientColumn, type ResourceSpec } from '../src/core/resource/resource.js';
import type { CredentialType } from '../src/formats/credential-types.js';
import type { Body, Http, Shown } from './harness/requests.js';
import { requiredSecret } from './harness/type-secrets.js';

/** What a factory may use: it makes what its row needs. */
export interface Maker {
  client(): Promise<string>;
  body(path: string, given?: Body): Promise<Body>;
  make(path: string, given?: Body): Promise<Shown>;
  /** A second administrator, whom nobody here has made. */
  colleague(): Promise<unknown>;
}

/** A valid body for one more row; with `client_id`, also what it refers to belongs there. */
type Factory = (t: Maker, client_id: string | null, given: Body) => Body | Promise<Body>;

/** `site-3f2a91c0`: names that are unique in their table. */
export function unique(prefix: string): string {
  return `${prefix}-${randomBytes(4).toString('hex')}`;
}

const password = () => `CANARY ${randomBytes(12).toString('base64url')}`;

let days = 0;
/** A day that no other row of this process has. */
const ownDay = () => new Date(Date.UTC(1990, 0, ++days)).toISOString().slice(0, 10);

const idOf = (row: Promise<Shown>) => row.then(({ id }) => id);

/** One line for each resource, by its path. */
export const factories: Record<string, Factory> = {
  users: () => ({ email: `${unique('user')}@canary.test`, name: 'Canary User', password: password() }),
  'custom-field-definitions': () => ({
    resource: 'sites',
    key: unique('key').replace('-', '_'),
    kind: 'text',
  }),
  'access-tokens': () => ({ name: unique('token') }),
  clients: () => ({ name: unique('client') }),
  contacts: (_t, client_id) => ({ client_id, name: unique('contact') }),
  sites: (_t, client_id) => ({ client_id, name: unique('site') }),
  tags: () => ({ name: unique('tag') }),
  machines: () => ({ hostname: unique('machine'), machine_fingerprint: unique('fingerprint') }),
  projects: (_t, client_id) => ({ client_id, name: unique('project') }),
  sessions: (_t, client_id) => ({ client_id, title: unique('session') }),
  'work-items': async (t, client_id) => ({
    session_id: await idOf(t.make('sessions', { client_id })),
    category: 'configuration',
    title: unique('work item'),
    description: 'Renewed the certificate',
  }),
  'billable-time': (_t, client_id) => ({
    client_id,
    work_date: '2026-01-31',
    worked_minutes: 45,
    labour_type: 'remote',
    hourly_rate: '120.00',
  }),
  'rate-rules': (_t, client_id) => {
    const day = ownDay();
    return { client_id, labour_type: 'remote', hourly_rate: '120.00', valid_from: day, valid_to: day };
  },
  'file-changes': async (t, client_id) => ({
    session_id: await idOf(t.make('sessions', { client_id })),
    file_path: `/etc/${unique('file')}`,
    change_type: 'modified',
  }),
  'commands-run': async (t, client_id) => ({
    session_id: await idOf(t.make('sessions', { client_id })),
    command_text: `systemctl restart ${unique('unit')}`,
  }),
  'infrastructure-changes': async (t, client_id) => ({
    session_id: await idOf(t.make('sessions', { client_id })),
    change_type: 'dns',
  }),
  deployments: async (t, client_id) => ({
    session_id: await idOf(t.make('sessions', { client_id })),
    deployment_type: 'code',
  }),
  'database-changes': async (t, client_id) => ({
    session_id: await idOf(t.make('sessions', { client_id })),
    database_name: unique('database'),
    change_type: 'schema',
  }),
  tasks: (_t, client_id) => ({ client_id, title: unique('task') }),
  'pending-tasks': (_t, client_id) => ({ client_id, title: unique('promise') }),
  infrastructure: (_t, client_id) => ({
    client_id,
    asset_type: 'physical_server',
    hostname: unique('host'),
  }),
  services: (_t, client_id) => ({ client_id, name: unique('service') }),
  networks: (_t, client_id) => ({ client_id, name: unique('network'), cidr: '10.20.0.0/24' }),
  'm365-tenants': (_t, client_id) => ({
    client_id,
    tenant_id: randomUUID(),
    default_domain: `${unique('tenant')}.example`,
  }),
  domains: (_t, client_id) => ({ client_id, name: `${unique('domain')}.example` }),
  'service-relationships': async (t, client_id) => ({
    from_service_id: await idOf(t.make('services', { client_id })),
    to_service_id: await idOf(t.make('services', { client_id })),
    relationship_type: 'depends_on',
  }),
  'firewall-rules': async (t, client_id) => ({
    infrastructure_id: await idOf(t.make('infrastructure', { client_id })),
    action: 'allow',
  }),
  credentials: (_t, client_id, given) => ({
    client_id,
    credential_type: 'password',
    service_name: unique('service'),
    ...requiredSecret((given.credential_type ?? 'password') as CredentialType),
  }),
  'credential-permissions': async (t, client_id, given) => ({
    credential_id: given.client_id ? null : await idOf(t.make('credentials', { client_id })),
    user_id: await idOf(t.make('users')),
    level: 'view',
  }),
  'approval-requests': async (t, client_id, given) => {
    // Somebody who could approve it.
    await t.colleague();
    const credential_id = given.client_id ? null : await idOf(t.make('credentials', { client_id }));
    return { credential_id, reason: unique('reason') };
  },
  'security-incidents': (_t, client_id) => ({
    client_id,
    incident_type: 'phishing',
    incident_date: '2026-01-31',
    severity: 'low',
    title: unique('incident'),
  }),
  'conversation-contexts': (_t, client_id) => ({
    client_id,
    context_type: 'checkpoint',
    title: unique('context'),
    dense_summary: unique('Moved the mail'),
  }),
  'context-snippets': (_t, client_id) => ({ client_id, category: 'fact', content: unique('snippet') }),
  'conversation-turns': (_t, client_id) => ({
    client_id,
    session_key: unique('conversation'),
    at: '2026-01-31T08:00:00.000Z',
    speaker: 'user',
    text: 'How do we reach the firewall?',
  }),
  'project-states': async (t, client_id) => ({ project_id: await idOf(t.make('projects', { client_id })) }),
  'decision-logs': (_t, client_id) => ({
    client_id,
    decision_type: 'technical',
    decision_text: 'Backups go to the second site',
  }),
  'problem-solutions': (_t, client_id) => ({
    client_id,
    title: unique('problem'),
    problem: 'Mail waits',
    solution: 'Restarted the queue',
  }),
  'environmental-insights': (_t, client_id) => ({
    client_id,
    category: 'permissions',
    title: unique('insight'),
    description: 'The service account may not write here',
  }),
  'failure-patterns': (_t, client_id) => ({
    client_id,
    pattern_signature: unique('error').replaceAll(/\d/g, digit => 'ghijklmnop'.charAt(Number(digit))),
    description: 'The port is closed',
  }),
  'operation-failures': (_t, client_id) => ({
    client_id,
    operation_type: 'command',
    error_message: 'Connection refused',
  }),
  'ticket-links': async (t, client_id, given) => ({
    session_id: given.work_item_id ? null : await idOf(t.make('sessions', { client_id })),
    system: 'halo',
    external_ticket_id: unique('ticket'),
  }),
  'external-integrations': async (t, client_id) => ({
    session_id: await idOf(t.make('sessions', { client_id })),
    system: 'halo',
    action: 'created',
  }),
  'integration-credentials': async (t, client_id) => ({
    credential_id: await idOf(t.make('credentials', { client_id })),
    system: 'halo',
    auth_type: 'api_key',
  }),
  'backup-log': () => ({ backup_type: 'manual' }),
  // Nobody is there.
  webhooks: () => ({ url: `https://${unique('hook')}.canary.test/`, events: ['*'], is_active: false }),
};

/** Of these fields a row has one: the one that a test names, and otherwise that of the factory. */
export const EITHER: Record<string, string[]> = {
  'approval-requests': ['credential_id', 'client_id'],
  'credential-permissions': ['credential_id', 'client_id'],
  'ticket-links': ['session_id', 'work_item_id'],
};

/** Null for the fields that a row cannot have together with this one. */
export function insteadOf(path: string, field: string): Body {
  const fields = EITHER[path] ?? [];
  return fields.includes(field)
    ? Object.fromEntries(fields.filter(name => name !== field).map(name => [name, null]))
    : {};
}

/** The resource with this path below /api. */
function resourceAt(path: string): ResourceSpec {
  const spec = allResources().find(one => one.path === path);
  if (!spec) throw new Error(`There is no resource ${path}`);
  return spec;
}

/**
 * Rows over HTTP, as the administrator, with the bodies of the factories.
 *
 * @param lastError what the log says of a 500
 * @param colleague makes a second administrator past the API
 */
export function makerOf(
  http: Http,
  lastError: () => string = () => '',
  colleague: Maker['colleague'] = () => Promise.reject(new Error('There is no second administrator here')),
): Maker {
  let shared: Promise<string> | undefined;
  const client = () => (shared ??= make('clients').then(row => row.id));

  async function body(path: string, given: Body = {}): Promise<Body> {
    const factory = factories[path];
    if (!factory) throw new Error(`test/factories.ts has no line for ${path}`);
    const spec = resourceAt(path);
    const { client_id, ...rest } = given;
    const owned = clientColumn(spec) === 'client_id';
    const place = client_id === undefined ? (owned ? await client() : null) : (client_id as string | null);
    const made = await factory({ client, body, make, colleague }, place, given);
    // `via` resources take their client from the parent that the factory has put there.
    const direct = client_id !== undefined && spec.byName.get('client_id')?.readOnly === undefined;
    const named: Body = { ...(direct && spec.byName.has('client_id') ? { client_id } : {}), ...rest };
    const instead = Object.keys(named).filter(name => named[name]).map(name => insteadOf(path, name)); // prettier-ignore
    return Object.assign({}, made, ...instead, named) as Body;
  }

  async function make(path: string, given: Body = {}): Promise<Shown> {
    const answer = await http('POST', `/api/${path}`, { body: await body(path, given) });
    const reason = answer.status >= 500 ? `\n${lastError()}` : '';
    if (answer.status !== 201) throw new Error(`POST /api/${path}: ${answer.status} ${answer.text}${reason}`);
    return answer.body;
  }

  return { client, body, make, colleague };
}
