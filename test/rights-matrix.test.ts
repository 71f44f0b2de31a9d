import { Secret } from 'otpauth';
import type { Scope } from '../src/core/context/actor.js';
import { type Answer, startApp, type TestApp, type TestUser } from './app.js';

/** What docs/rights.md says, written apart from the code: which kinds of credentials there are … */
const KINDS = ['private', 'pool', 'client'] as const;
type Kind = (typeof KINDS)[number];

/** … who acts, with which grants of the owner on the credential (or of an administrator on its client) … */
interface Role {
  name: string;
  admin?: boolean;
  owner?: boolean;
  grant?: 'view' | 'reveal' | 'manage';
  on?: 'client';
  expired?: boolean;
  /** client_access leaves the client out. */
  fenced?: boolean;
}
const LEVELS = ['none', 'view', 'reveal', 'manage'] as const;
const ROLES: Role[] = [
  { name: 'the owner', owner: true },
  { name: 'an owner who is an administrator', owner: true, admin: true },
  { name: 'a stranger' },
  { name: 'an administrator', admin: true },
  ...(['view', 'reveal', 'manage'] as const).flatMap((grant): Role[] => [
    { name: `a holder of ${grant}`, grant },
    { name: `a holder of ${grant} on the client`, grant, on: 'client' },
    { name: `an administrator who holds ${grant}`, admin: true, grant },
  ]),
  { name: 'a holder of manage that has ended', grant: 'manage', expired: true },
  { name: 'an administrator whose manage has ended', admin: true, grant: 'manage', expired: true },
  { name: 'a holder of manage who may not see the client', grant: 'manage', fenced: true },
  { name: 'an administrator who may not see the client', admin: true, fenced: true },
];

/** … and what the two make of each other. */
function levelOf(role: Role, kind: Kind): number {
  if (role.fenced && kind === 'client') return 0;
  if (role.owner) return 3;
  const granted = role.grant && !role.expired ? LEVELS.indexOf(role.grant) : 0;
  if (!role.admin) return granted;
  return kind === 'private' ? Math.max(granted, 1) : 3;
}

interface Place {
  id: string;
  user: TestUser;
  third: string;
  /** Where the protocol of KV has it. */
  folder: string;
}
type Action = [name: string, needs: 1 | 2 | 3, act: (place: Place) => Promise<Answer>, admin?: boolean];

let t: TestApp;
let client: string;
let elsewhere: string;
let owner: TestUser;
beforeAll(async () => {
  t = await startApp({ settings: { REFUSED_REVEAL_LIMIT: '0', MASS_REVEAL_LIMIT: '0' } });
  client = (await t.make('clients')).id;
  elsewhere = (await t.make('clients')).id;
  owner = await t.user();
});
afterAll(() => t.close());

const send =
  (method: string, path: (place: Place) => string, body?: (place: Place) => object) => (place: Place) =>
    t.http(method, path(place), { token: place.user.token, body: body?.(place) });
const on =
  (rest = '') =>
  (place: Place) =>
    `/api/credentials/${place.id}${rest}`;
const reason = () => ({ reason: 'the matrix wants it' });

/** In this order: the last ones change whose it is. */
const ACTIONS: Action[] = [
  ['see it', 1, send('GET', on('?reveal=false'))],
  ['see its versions', 1, send('GET', on('/versions'))],
  ['reveal it', 2, send('POST', on('/reveal'), reason)],
  ['reveal a version', 2, send('POST', on('/versions/1/reveal'), reason)],
  ['get a code', 2, send('GET', on('/otp'))],
  ['read it as the earlier manager did', 2, send('GET', ({ id }) => `/creds/${id}`)],
  ['read it by the protocol of KV', 2, send('GET', ({ id, folder }) => `/v1/secret/data/${folder}/${id}`)],
  ['change the metadata', 3, send('PATCH', on(), () => ({ notes: 'x' }))],
  ['change the policy', 3, send('PUT', on(), () => ({ reveal_policy: 'open' }))],
  ['archive it', 3, send('PATCH', on(), () => ({ archived_at: new Date().toISOString() }))],
  ['write a secret', 3, send('PATCH', on(), () => ({ password: 'CANARY-written' }))],
  ['rotate it', 3, send('POST', on('/rotate'), () => ({}))],
  ['grant it', 3, send('POST', () => '/api/credential-permissions', ({ id, third }) => ({ credential_id: id, user_id: third, level: 'view' }))],
  ['move it to a client', 3, send('PATCH', on(), () => ({ client_id: elsewhere }))],
  ['delete it', 3, send('DELETE', on()), true],
]; // prettier-ignore

const secretOf = (kind: Kind, { name }: Role) => `CANARY of ${name}, ${kind}`;

async function placed(role: Role, kind: Kind): Promise<Place> {
  const scopes: Scope[] = role.admin ? ['msp:read', 'msp:write', 'msp:admin'] : ['msp:read', 'msp:write'];
  const fence = role.fenced ? { client_access: 'except' as const, client_ids: [client] } : {};
  const user = await t.user({ scopes, ...fence });
  const body = {
    credential_type: 'password',
    service_name: 'Matrix',
    password: secretOf(kind, role),
    totp_secret: new Secret().base32,
    client_id: kind === 'client' ? client : null,
    visibility: kind === 'pool' ? 'pool' : 'private',
  };
  const by = role.owner ? user : owner;
  const { status, body: made } = await t.http('POST', '/api/credentials', { token: by.token, body });
  expect([status, made]).toEqual([201, expect.anything()]);
  if (role.grant) {
    const target = role.on === 'client' ? { client_id: client } : { credential_id: made.id };
    const granter = role.on === 'client' ? t.admin : owner;
    const grant = { ...target, user_id: user.id, level: role.grant };
    const answer = await t.http('POST', '/api/credential-permissions', { token: granter.token, body: grant });
    expect([answer.status, answer.body]).toEqual([201, expect.anything()]);
    if (role.expired)
      await t.change('UPDATE credential_permissions SET expires_at = ? WHERE id = ?', ['2020-01-01 00:00:00.000', answer.body.id]); // prettier-ignore
  }
  const folder = kind === 'client' ? client : kind;
  return { id: made.id, user, folder, third: (await t.user({ scopes: ['msp:read'] })).id };
}

const CASES = KINDS.flatMap(kind =>
  ROLES.filter(role => role.on !== 'client' || kind === 'client').map(
    role => [role.name, kind, role] as const,
  ),
);

test.each(CASES)(
  '%s and a %s credential',
  async (_, kind, role) => {
    const place = await placed(role, kind);
    const level = levelOf(role, kind);
    const outcomes: object[] = [];
    const expected: object[] = [];
    const note = (action: string, was: unknown, should: unknown) => {
      outcomes.push({ action, was });
      expected.push({ action, was: should });
    };
    const { token } = place.user;
    const listed = await t.http('GET', '/api/credentials', { token, query: { limit: '1000', q: 'Matrix' } });
    note(
      'find it in the list',
      listed.body.items.some(one => one.id === place.id),
      level > 0,
    );
    const got = await t.http('GET', `/api/credentials/${place.id}`, { token });
    note('get opens it', got.body.password, level >= 2 ? secretOf(kind, role) : undefined);
    const bulk = { ids: [place.id], reason: 'the matrix wants it' };
    const many = await t.http('POST', '/api/credentials/reveal', { token, body: bulk });
    note('reveal it among others', many.body.results, [expect.objectContaining({ status: level === 0 ? 404 : level === 1 ? 403 : 200 })]); // prettier-ignore
    for (const [name, needs, act, admin] of ACTIONS) {
      const { status } = await act(place);
      const unseen = name === 'grant it' ? 422 : 404;
      const good = status >= 200 && status < 300 ? status : 200;
      // Without the scope nobody gets as far as the credential.
      const wanted = admin && !role.admin ? 403 : level === 0 ? unseen : level < needs ? 403 : good;
      note(name, status, wanted);
    }
    expect(outcomes).toEqual(expected);
  },
  30_000,
);
