import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { startApp, type TestApp } from './app.js';

let t: TestApp;
let url: string;
let client: string;

beforeAll(async () => {
  t = await startApp();
  url = await t.listen();
  client = (await t.make('clients', { name: 'Acme Dental' })).id;
});
afterAll(() => t.close());

const ERAS = ['legacy', 'auto'] as const;

/** A client that nobody here wrote, with this token. */
async function connect(
  token: string,
  mode: (typeof ERAS)[number] = 'auto',
  headers: Record<string, string> = {},
): Promise<Client> {
  const one = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode } });
  await one.connect(
    new StreamableHTTPClientTransport(new URL(`${url}/mcp`), {
      requestInit: { headers: { authorization: `Bearer ${token}`, ...headers } },
    }),
  );
  return one;
}

const textOf = (result: unknown) => (result as { content: { text: string }[] }).content[0]?.text ?? '';
const call = async (one: Client, name: string, given: Record<string, unknown>) => {
  const result = await one.callTool({ name, arguments: given });
  return { text: textOf(result), refused: result.isError === true };
};
const PLACE = {
  'x-opskeep-project': 'Renewal',
  'x-opskeep-project-remote': 'git%40git.example.com%3Amsp%2Ftool.git',
};

const token = async (more: Record<string, unknown> = {}): Promise<string> =>
  String(
    (await t.make('access-tokens', { name: 'assistant', scopes: ['msp:read', 'msp:write'], ...more })).token,
  );

it.each(ERAS)('remembers and recalls, with a client of the %s protocol', async mode => {
  const one = await connect(await token({ resources: ['memory'] }), mode, PLACE);
  const { tools } = await one.listTools();
  expect(tools.map(({ name }) => name)).toEqual(['recall', 'remember', 'project_state']);
  const fact = `The ${mode} modem of the branch in Leeds answers on port 8443`;
  expect(await call(one, 'remember', { text: fact })).toMatchObject({ refused: false });
  expect((await call(one, 'recall', { query: `${mode} modem of the branch in Leeds` })).text).toContain(fact);
  expect((await call(one, 'recall', { query: 'who won the football match?' })).text).toBe(
    'Nothing is known about this in this project. With everywhere: true all projects are looked through.',
  );
  await one.close();
});

it('says that a project was made for what is remembered, once, since its name may be mistyped', async () => {
  const one = await connect(await token({ resources: ['memory'] }), 'auto', PLACE);
  const keep = async (project?: string) =>
    (await call(one, 'remember', { text: 'The turnstile needs firmware 7.3', project })).text;
  expect(await keep()).not.toContain('made');
  expect(await keep('acme-frewall')).toMatch(
    /^Remembered as [^]*No project was called so: it was made for this\.$/,
  );
  expect(await keep('acme-frewall')).not.toContain('made');
  await one.close();
});

it('says where a project stands, and what changed', async () => {
  const one = await connect(await token({ resources: ['memory'] }), 'auto', PLACE);
  await call(one, 'remember', { text: 'The new firewall is ordered' });
  const changed = await call(one, 'project_state', {
    changes: { phase: 'Delivery', blockers: ['Carrier on strike'] },
  });
  expect(changed).toMatchObject({ refused: false });
  expect(changed.text).toContain('Carrier on strike');
  expect(await call(one, 'project_state', { project: 'Nowhere', changes: { phase: 'x' } })).toMatchObject({
    refused: true,
  });
  await one.close();
});

it('never takes what may be a password for the name of a project', async () => {
  const one = await connect(await token({ resources: ['memory'] }), 'auto', {
    'x-opskeep-project-remote': encodeURIComponent('user:CANARY2026x@git.example.com:a/lone.git'),
  });
  await call(one, 'remember', { text: 'The lift of the car park is out of order' });
  await one.close();
  const { items } = (await t.http('GET', '/api/projects', { query: { limit: '100' } })).body;
  expect(JSON.stringify(items)).not.toContain('CANARY2026x');
});

it('refuses what it does not know, as the routes do', async () => {
  const one = await connect(await token({ resources: ['memory'] }), 'auto', PLACE);
  expect(await call(one, 'project_state', { changes: { focus: 'x' } })).toMatchObject({ refused: true });
  expect(await call(one, 'recall', { query: 'modem', bogus: 1 })).toMatchObject({ refused: true });
  await one.close();
});

it('keeps nothing without a project', async () => {
  const one = await connect(await token({ resources: ['memory'] }));
  expect(await call(one, 'remember', { text: 'Nobody knows where' })).toMatchObject({
    refused: true,
    text: expect.stringContaining('project') as string,
  });
  await one.close();
});

it('logs work for a client that is named, and asks when several are', async () => {
  const one = await connect(await token());
  const logged = await call(one, 'log_work', { client: 'Acme Dental', minutes: 45, text: 'New driver' });
  expect(logged).toMatchObject({ refused: false, text: expect.stringContaining('45 minutes') as string });
  const [time] = (await t.http('GET', '/api/billable-time', { query: { client_id: client } })).body.items;
  expect(time).toMatchObject({
    worked_minutes: 45,
    labour_type: 'remote',
    description: 'New driver',
    status: 'draft',
  });
  const again = await call(one, 'log_work', { client, minutes: 45, text: 'New driver' });
  expect(again).toMatchObject({ refused: false, text: expect.stringContaining(String(time?.id)) as string });
  expect(again.text).toContain('nothing was written');
  const others = [
    { minutes: 46 },
    { text: 'Newer driver' },
    { labour_type: 'onsite' },
    { work_date: String(time?.work_date) },
  ];
  for (const other of others)
    expect((await call(one, 'log_work', { client, minutes: 45, text: 'New driver', ...other })).text).toMatch(
      /^Logged/,
    );
  const total = async () =>
    (await t.http('GET', '/api/billable-time', { query: { client_id: client } })).body.total;
  expect(await total()).toBe(5);
  await call(one, 'log_work', { client, minutes: 45, text: 'New driver', ...others[3] });
  expect(await total()).toBe(5);
  await t.http('POST', `/api/billable-time/${time?.id}/submit`);
  expect((await call(one, 'log_work', { client, minutes: 45, text: 'New driver' })).text).toMatch(/^Logged/);
  await t.make('clients', { name: 'Bolt North' });
  await t.make('clients', { name: 'Bolt South' });
  const asked = await call(one, 'log_work', { client: 'Bolt', minutes: 5, text: 'x' });
  expect(asked).toMatchObject({ refused: true, text: expect.stringContaining('Bolt South') as string });
  expect(asked.text.match(/must name one client/g)).toHaveLength(1);
  expect(await call(one, 'log_work', { client: 'Acme Dental', minutes: 0, text: 'x' })).toMatchObject({
    refused: true,
  });
  await one.close();
});

describe('credentials', () => {
  const SECRET = 'CANARY-mcp-82hf-secret';
  let id: string;
  beforeAll(async () => {
    id = (
      await t.make('credentials', {
        client_id: client,
        credential_type: 'password',
        service_name: 'Firewall',
        name: 'fw',
        password: SECRET,
      })
    ).id;
  });

  it('gives a reference that opens nothing, on the record with its reason', async () => {
    const one = await connect(t.admin.token);
    const { text, refused } = await call(one, 'get_credential', {
      credential: 'Firewall',
      reason: 'ticket 88123',
    });
    expect(refused).toBe(false);
    expect(JSON.parse(text)).toEqual({
      id,
      name: 'fw',
      service_name: 'Firewall',
      reference: 'opskeep://Acme%20Dental/fw/password',
    });
    const { items } = (await t.http('GET', `/api/credential-audit-logs/by-credential/${id}`)).body;
    expect(items).toContainEqual(
      expect.objectContaining({
        action: 'view',
        details: expect.objectContaining({ reference: 'password', reason: 'ticket 88123' }) as unknown,
      }),
    );
    await one.close();
  });

  it('gives the secret to a token that is made for it, and to no other', async () => {
    const named = await token({ credential_ids: [id], actions: ['reveal'] });
    const one = await connect(named);
    expect((await call(one, 'get_credential', { credential: id, reason: 'ticket 5' })).text).toContain(
      SECRET,
    );
    await one.close();
    const other = await connect(await token({ resources: ['vault'] }));
    const { text } = await call(other, 'get_credential', { credential: id, reason: 'ticket 5' });
    expect(text).not.toContain(SECRET);
    await other.close();
  });

  it('offers nothing that the token is not for, and refuses what is called all the same', async () => {
    const one = await connect(await token({ resources: ['memory'] }));
    await expect(
      one.callTool({ name: 'get_credential', arguments: { credential: id, reason: 'ticket 5' } }),
    ).rejects.toThrow();
    await one.close();
  });

  it('has an entry of what is refused', async () => {
    const { id: token_id, token: refused } = await t.make('access-tokens', {
      name: 'assistant',
      scopes: ['msp:read'],
      resources: ['memory'],
    });
    const one = await connect(String(refused));
    await expect(one.callTool({ name: 'log_work', arguments: {} })).rejects.toThrow();
    await one.close();
    const { items } = (await t.http('GET', '/api/api-audit-log', { query: { token_id: String(token_id) } }))
      .body;
    expect(items).toContainEqual(
      expect.objectContaining({ action: 'mcp.call', resource_id: 'log_work', outcome: 'refused', token_id }),
    );
  });

  it('tells those who do not see the client nothing', async () => {
    const elsewhere = await t.user({ client_access: 'only', client_ids: [] });
    const one = await connect(elsewhere.token);
    const { text, refused } = await call(one, 'get_credential', {
      credential: 'Firewall',
      reason: 'ticket 5',
    });
    expect(refused).toBe(true);
    const missing = await call(one, 'get_credential', { credential: 'No such', reason: 'ticket 5' });
    expect(text).toBe(missing.text);
    await one.close();
  });
});

it('counts what a tool does as one use of the token', async () => {
  const made = await token({ max_uses: 2, resources: ['memory'] });
  const one = await connect(made, 'auto', PLACE);
  await one.listTools();
  expect((await call(one, 'recall', { query: 'modem' })).refused).toBe(false);
  expect((await call(one, 'recall', { query: 'modem' })).refused).toBe(false);
  await expect(one.callTool({ name: 'recall', arguments: { query: 'modem' } })).rejects.toThrow();
});

it.each([
  ['no token', undefined, 401],
  ['a bad one', 'Bearer okt_nonsense', 401],
])('refuses %s', async (_, authorization, status) => {
  const answer = await fetch(`${url}/mcp`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...(authorization ? { authorization } : {}),
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
  });
  expect(answer.status).toBe(status);
});

it.each([
  ['a list of messages', [{ jsonrpc: '2.0', id: 1, method: 'tools/list' }]],
  ['text', 'tools/list'],
  ['no JSON-RPC', { hello: 'world' }],
  ['a wish to listen', { jsonrpc: '2.0', id: 1, method: 'subscriptions/listen', params: {} }],
])('answers %s with an error, at once', async (_, body) => {
  const answer = await fetch(`${url}/mcp`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      authorization: `Bearer ${t.admin.token}`,
    },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(5_000),
  });
  const text = await answer.text();
  expect(answer.status === 200 ? text : `"error"`).toContain('"error"');
  expect(answer.status).toBeLessThan(500);
});
