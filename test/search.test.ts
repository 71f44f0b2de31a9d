import fc from 'fast-check';
import { allResources, type ResourceSpec, ROUTES } from '../src/core/resource/resource.js';
import { SearchFills } from '../src/operations/search/search-fills.service.js';
import { termsOf, wordsOf } from '../src/operations/search/terms.js';
import { startApp, type Body, type TestApp, type TestUser } from './app.js';
import { unique } from './factories.js';
import { statementsOf } from './harness/statements.js';

let t: TestApp;
beforeAll(async () => void (t = await startApp()));
afterAll(() => t.close());

interface Hit extends Body {
  resource: string;
  id: string;
  name: string;
  client_name: string;
  field: string;
  snippet: string;
}
interface Answer extends Body {
  items: Hit[];
  counts: Record<string, number>;
  incomplete: string[];
}

async function ask(query: Record<string, string>, user: Pick<TestUser, 'token'> = t.admin): Promise<Answer> {
  const path = `/api/search?${new URLSearchParams(query).toString()}`;
  const { status, body } = await t.http('GET', path, { token: user.token });
  expect([status, body]).toEqual([200, expect.anything()]);
  return body as unknown as Answer;
}
const idsOf = (answer: Answer) => answer.items.map(one => one.id);
const find = async (q: string, user?: Pick<TestUser, 'token'>, more = {}) =>
  idsOf(await ask({ q, limit: '100', ...more }, user));

const searched = () =>
  allResources().filter(
    one =>
      one.fields.some(field => field.search) &&
      (one.routes ?? ROUTES).includes('list') &&
      one.name !== 'thing',
  );

/** A body with a text of its own in every searched field that takes one. */
function texts(spec: ResourceSpec): Body {
  const plain = spec.fields.filter(
    ({ search, readOnly, choices, api, column }) =>
      search &&
      !readOnly &&
      !choices &&
      ['text', 'long'].includes(column.kind) &&
      !('pattern' in api && api.pattern) &&
      !('format' in api && api.format) &&
      !('example' in api && api.example),
  );
  return Object.fromEntries(plain.map(({ name }) => [name, unique('zebra')]));
}

describe('what is found', () => {
  it.each(searched().map(spec => [spec.path, spec] as const))(
    'every searched field of %s',
    async (path, spec) => {
      const made = await t.make(path, texts(spec));
      for (const { name } of spec.fields.filter(one => one.search)) {
        const value = made[name];
        if (typeof value !== 'string') continue;
        expect([name, await find(value.slice(0, 60), t.admin, { resources: path })]).toEqual([
          name,
          expect.arrayContaining([made.id]),
        ]);
      }
    },
  );

  it('is so by beginnings of words, of parts of names and of addresses in any spelling', async () => {
    const one = await t.make('infrastructure', {
      hostname: 'srv-quince-01.acme.example',
      ip_address: '2001:db8::a:17',
      mac_address: '00:1a:2b:3c:4d:5e',
      role_description: 'Größe Ⅷ der ŽIŽKA 🦜',
    });
    for (const q of [
      'quin',
      'quince-01',
      'SRV-QUINCE-01.acme',
      'acme.example',
      '2001:0db8:0::A:17',
      '001A.2B3C.4D5E',
      '00-1a-2b-3c-4d-5e',
      '001a2b3c4d5e',
      'GRÖSSE',
      'grosse',
      'zizka',
      'viii',
      '🦜',
      '  quince%  ',
      '"quince"',
      '(acme.',
      'quince* OR',
    ])
      // prettier-ignore
      expect([q, await find(q.replace(' OR', ''))]).toEqual([q, expect.arrayContaining([one.id])]);
    for (const q of ['uince', 'quince-02', 'quince_03', 'qu%ce', 'quince OR acme'])
      expect([q, await find(q)]).toEqual([q, expect.not.arrayContaining([one.id])]);
  });

  it('is in the order of how it is named, and says where it was found', async () => {
    const client = await t.make('clients', { name: 'Fennel & Sons' });
    const client_id = client.id;
    const inText = await t.make('sites', {
      client_id,
      name: 'Depot',
      notes: `${'x '.repeat(400)}kumquat cellar`,
    });
    const second = await t.make('sites', { client_id, name: 'The kumquat' });
    const begins = await t.make('sites', { client_id, name: 'Kumquat north' });
    const exact = await t.make('sites', { client_id, name: 'KUMQUAT' });
    const longer = await t.make('sites', { client_id, name: 'Kumquats' });
    const { items, counts } = await ask({ q: 'kumquat', resources: 'sites' });
    const ids = items.map(one => one.id);
    expect(ids[0]).toBe(exact.id);
    expect(new Set(ids.slice(1, 3))).toEqual(new Set([begins.id, longer.id]));
    expect(ids.slice(3)).toEqual([second.id, inText.id]);
    expect(counts).toEqual({ sites: 5 });
    expect(items.at(-1)).toMatchObject({
      resource: 'sites',
      name: 'Depot',
      client_id,
      client_name: 'Fennel & Sons',
      field: 'notes',
      snippet: expect.stringMatching(/^… .*kumquat cellar$/),
    });
    expect(items.at(-1)?.snippet.length).toBeLessThan(170);
    const few = await ask({ q: 'kumquat', limit: '1' });
    expect([few.items.length, few.counts.sites, few.items[0]?.id]).toEqual([1, 5, exact.id]);
    // Of several words, some may stand in the name of the client.
    expect(await find('fennel depot')).toEqual([inText.id]);
    expect(await find('depot fennel sons cellar')).toEqual([inText.id]);
    expect(await find('fennel')).toEqual([client_id]);
  });

  it('follows every change of a row', async () => {
    const site = await t.make('sites', { name: 'Quay medlar', notes: 'sorrel' });
    expect(await find('medlar')).toEqual([site.id]);
    await t.http('PATCH', `/api/sites/${site.id}`, { body: { name: 'Harbour lovage' } });
    expect(await find('medlar')).toEqual([]);
    expect(await find('lovage')).toEqual([site.id]);
    expect(await find('sorrel')).toEqual([site.id]);
    await t.http('DELETE', `/api/sites/${site.id}`);
    expect(await find('lovage')).toEqual([]);
    expect(await t.sql('SELECT term FROM search_terms WHERE row_id = ?', [site.id])).toEqual([]);
  });

  it('goes with what it hangs on, and comes from bulks, of which a refused item leaves nothing', async () => {
    const client = await t.make('clients');
    const items = ['yarrow one', 'yarrow two', ''].map(name => ({ client_id: client.id, name }));
    await t.http('POST', '/api/sites/bulk', { body: { items } });
    expect((await find('yarrow')).length).toBe(2);
    await t.http('DELETE', `/api/clients/${client.id}`);
    expect(await find('yarrow')).toEqual([]);
  });

  it('shows what is archived when it is asked for, as lists do', async () => {
    const { id } = await t.make('credentials', { service_name: 'Tansy' });
    const body = { archived_at: '2026-01-31T00:00:00Z' };
    expect((await t.http('PATCH', `/api/credentials/${id}`, { body })).status).toBe(200);
    expect(await find('tansy')).toEqual([]);
    expect(await find('tansy', t.admin, { archived: 'any' })).toEqual([id]);
    expect(await find('tansy', t.admin, { archived: 'true' })).toEqual([id]);
  });

  it('is never a secret', async () => {
    const password = 'CANARY-borage-9 secret horse';
    await t.make('credentials', { credential_type: 'password', password, service_name: 'Mail chicory' });
    expect(await find('borage')).toEqual([]);
    const text = JSON.stringify(await ask({ q: 'chicory' }));
    expect(text).toContain('chicory');
    expect(text).not.toContain('CANARY-borage');
    const terms = await t.sql<{ term: string }>("SELECT term FROM search_terms WHERE term LIKE '%borage%'");
    expect(terms).toEqual([]);
  });
});

describe('who finds what', () => {
  it('finds and counts what he sees, and nothing else', async () => {
    const [seen, hidden] = [await t.make('clients', { name: 'Seen chervil' }), await t.make('clients', { name: 'Hidden chervil' })]; // prettier-ignore
    const made: Record<string, string[]> = { seen: [], hidden: [] };
    for (const [whose, client_id] of [
      ['seen', seen.id],
      ['hidden', hidden.id],
    ] as const)
      // prettier-ignore
      for (const path of ['sites', 'contacts', 'infrastructure', 'credentials', 'tasks']) {
        const name = { infrastructure: 'hostname', credentials: 'service_name', tasks: 'title' }[path] ?? 'name';
        made[whose]?.push((await t.make(path, { client_id, [name]: unique('chervil') })).id);
      }
    const only = await t.user({ scopes: ['msp:read'], client_access: 'only', client_ids: [seen.id] });
    const except = await t.user({ scopes: ['msp:read'], client_access: 'except', client_ids: [hidden.id] });
    const credential = made.seen?.[3] as string;
    for (const user of [only, except]) {
      const before = await ask({ q: 'chervil', limit: '100' }, user);
      const expected = [seen.id, ...(made.seen ?? []).filter(id => id !== credential)];
      expect(idsOf(before).toSorted()).toEqual(expected.toSorted());
      expect(before.counts).toEqual({ clients: 1, sites: 1, contacts: 1, infrastructure: 1, tasks: 1 });
      await t.make('credential-permissions', { credential_id: credential, user_id: user.id, level: 'view' });
      expect((await ask({ q: 'chervil' }, user)).counts.credentials).toBe(1);
      // A client that he does not see makes no row fit.
      expect(await find('hidden chervil-', user)).toEqual([]);
    }
    const ofClient = await ask({ q: 'chervil', client_id: hidden.id }, only);
    expect([ofClient.items, ofClient.counts]).toEqual([[], {}]);
    const { counts } = await ask({ q: 'chervil', client_id: hidden.id, resources: 'sites,tasks' });
    expect(counts).toEqual({ sites: 1, tasks: 1 });
  });

  it('finds by an access token what its resources allow', async () => {
    const site = await t.make('sites', { name: 'Chard' });
    await t.make('contacts', { name: 'Chard' });
    const { body } = await t.http('POST', '/api/access-tokens', {
      body: { name: 'searcher', scopes: ['msp:read'], resources: ['sites'] },
    });
    const token = { token: body.token as string };
    const { status } = await t.http('GET', '/api/search?q=chard', token);
    expect([status, await find('chard', token)]).toEqual([200, [site.id]]);
    const none = await t.http('GET', '/api/search?q=chard', { token: null });
    expect(none.status).toBe(401);
  });

  it.each([
    ['', 'q'], ['q=', 'q'], ['q=%20', 'q'], ['q=***', 'q'], ['q=a&q=b', 'q'], [`q=${'a'.repeat(201)}`, 'q'],
    [`q=${'abcdefghijklm'.split('').join('+')}`, 'q'], ['q=a&resources=passwords', 'resources'], ['q=a&resources=', 'resources'],
    ['q=a&limit=0', 'limit'], ['q=a&limit=101', 'limit'], ['q=a&client_id=1', 'client_id'],
    ['q=a&archived=no', 'archived'], ['q=a&skip=1', 'skip'],
  ])('refuses ?%s', async (query, field) => {
    const { status, body } = await t.http('GET', `/api/search?${query}`);
    expect([status, (body.details as { errors: { field: string }[] }).errors[0]?.field]).toEqual([422, field]);
  }); // prettier-ignore
});

describe('the index', () => {
  it('finds what a search of every row by hand finds', async () => {
    const words = ['ba', 'bab', 'baba-ga', 'ga.ba', 'gab', 'b1', '10.0.0.1', '10.0.0.12', 'GA', 'ä'];
    const text = fc
      .array(fc.constantFrom(...words), { minLength: 1, maxLength: 3 })
      .map(all => all.join(' '));
    const clients = [
      await t.make('clients', { name: 'gaba bo' }),
      await t.make('clients', { name: 'Other' }),
    ];
    for (const name of fc.sample(text, { numRuns: 40, seed: 7 }))
      await t.make('contacts', { client_id: clients[name.length % 2]?.id, name, notes: `${name} bo` });
    const user = await t.user({
      scopes: ['msp:read'],
      client_access: 'only',
      client_ids: [clients[0]?.id ?? ''],
    });
    for (const who of [t.admin, user]) {
      const { body } = await t.http('GET', '/api/contacts?limit=1000', { token: who.token });
      const rows = body.items as unknown as { id: string; name: string; notes: string; client_id: string }[];
      const names = new Map(clients.map(one => [one.id, String(one.name)]));
      for (const q of fc.sample(text, { numRuns: 60, seed: 8 })) {
        const asked = wordsOf(q);
        const fits = (word: string, said: string) => [...termsOf(said)].some(term => term.startsWith(word));
        const expected = rows.filter(({ name, notes, client_id }) => {
          const own = asked.map(word => fits(word, name) || fits(word, notes ?? ''));
          const theirs = asked.map(word => asked.length > 1 && fits(word, names.get(client_id) ?? ''));
          return own.some(Boolean) && own.every((one, at) => one || theirs[at]);
        });
        const answer = await ask({ q, resources: 'contacts', limit: '100' }, who);
        expect([q, idsOf(answer).toSorted()]).toEqual([q, expected.map(one => one.id).toSorted()]);
        expect(answer.counts.contacts ?? 0).toBe(expected.length);
      }
    }
  });

  it('finds in every text what is written in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), text => {
        const terms = [...termsOf(text)];
        expect(wordsOf(text).filter(word => !terms.some(term => term.startsWith(word)))).toEqual([]);
      }),
    );
  });

  it('takes few steps over a hostile text', () => {
    for (const one of ['a.', '1:', 'a\u0301', '=', '::', '.:', ' ,', 'ﷺ']) {
      const text = one.repeat(40_000);
      const began = process.cpuUsage();
      let longest = 0;
      for (const { length } of termsOf(text)) longest = Math.max(longest, length);
      expect(longest).toBeLessThanOrEqual(64);
      expect(process.cpuUsage(began).user).toBeLessThan(1_500_000);
    }
  });

  it('costs a row that is made one statement, and a change of other fields none', async () => {
    const body = await t.body('sites');
    const made = await statementsOf(t, () => t.http('POST', '/api/sites', { body }));
    expect(made.filter(one => one.includes('search'))).toEqual(['INSERT search_terms']);
    const { id } = await t.make('sites');
    const change = (given: Body) =>
      statementsOf(t, () => t.http('PATCH', `/api/sites/${id}`, { body: given }));
    expect((await change({ vpn_required: true })).filter(one => one.includes('search'))).toEqual([]);
    expect((await change({ name: unique('x') })).filter(one => one.includes('search'))).toEqual([
      'DELETE search_terms',
      'INSERT search_terms',
    ]);
  });

  it('is made for rows from before, and goes on where it was cut off', async () => {
    const sites = [
      await t.make('sites', { name: 'Salsify a' }),
      await t.make('sites', { name: 'Salsify b' }),
    ];
    await t.change('DELETE FROM search_terms');
    await t.change('INSERT INTO search_fills (table_name, after_id) VALUES (?, ?)', [
      'sites',
      sites[0]?.id ?? '',
    ]);
    const before = await ask({ q: 'salsify' });
    expect([before.items, before.incomplete]).toEqual([[], ['sites']]);
    await t.app.get(SearchFills).run();
    expect(await find('salsify')).toEqual([sites[1]?.id]);
    await t.change("INSERT INTO search_fills (table_name) VALUES ('sites'), ('journal')");
    await t.app.get(SearchFills).run();
    expect((await find('salsify')).length).toBe(2);
    expect((await ask({ q: 'salsify' })).incomplete).toEqual([]);
  });
});
