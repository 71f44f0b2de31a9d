import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { bridge } from '../src/client/mcp/bridge.js';
import { buildServer } from './harness/build.js';
import { freePort } from './harness/free-port.mjs';
import { startApp, type TestApp } from './app.js';

const home = mkdtempSync(join(tmpdir(), 'opskeep-mcp-'));
let t: TestApp;
let url: string;
let token: string;

beforeAll(async () => {
  t = await startApp();
  url = await t.listen();
  const made = await t.make('access-tokens', {
    name: 'assistant',
    scopes: ['msp:read', 'msp:write'],
    resources: ['memory'],
  });
  token = String(made.token);
});
afterAll(async () => {
  rmSync(home, { recursive: true, force: true });
  await t.close();
});

/** Lines through the bridge, and what it answers; a bridge that hangs fails the test. */
async function through(lines: unknown[], door = { url, token }): Promise<Record<string, unknown>[]> {
  const [input, output] = [new PassThrough(), new PassThrough()];
  for (const line of lines) input.write(`${typeof line === 'string' ? line : JSON.stringify(line)}\n`);
  input.end();
  await bridge(door, input, output, () => undefined);
  output.end();
  const said = (await output.toArray()).join('');
  return said.split('\n').filter(Boolean).map(line => JSON.parse(line) as Record<string, unknown>); // prettier-ignore
}

it('carries an assistant to the tools of its server, and knows the project of its folder', async () => {
  const folder = join(home, 'renewal');
  mkdirSync(folder);
  const one = new Client({ name: 'test', version: '1' });
  await one.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [join(await buildServer(), 'src/cli.js'), 'mcp'],
      cwd: folder,
      env: { HOME: folder, OPSKEEP_URL: url, OPSKEEP_TOKEN: token },
    }),
  );
  expect((await one.listTools()).tools.map(({ name }) => name)).toEqual([
    'recall',
    'remember',
    'project_state',
  ]);
  const text = 'The spare key of the rack in Bristol hangs behind the door';
  const kept = await one.callTool({ name: 'remember', arguments: { text } });
  expect(kept.isError).toBeFalsy();
  const found = await one.callTool({
    name: 'recall',
    arguments: { query: 'where is the spare key of the rack in Bristol?' },
  });
  expect(JSON.stringify(found.content)).toContain('behind the door');
  await one.close();
  const projects = (await t.http('GET', '/api/projects', { query: { name: 'renewal' } })).body.items;
  expect(projects).toHaveLength(1);
});

const CLAIMS = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': {},
};

it('speaks the current protocol, whose messages say their version', async () => {
  const _meta = CLAIMS;
  const answers = await through([
    { jsonrpc: '2.0', id: 1, method: 'tools/list', params: { _meta } },
    {
      jsonrpc: '2.0',
      id: 2,
      method: 'tools/call',
      params: { name: 'recall', arguments: { query: 'rack' }, _meta },
    },
  ]);
  expect(answers.map(({ id }) => id).toSorted()).toEqual([1, 2]);
  for (const answer of answers) expect(answer).toHaveProperty('result');
});

it('answers what is no message, and nothing to a notification', async () => {
  const answers = await through([
    'nonsense',
    '[]',
    { jsonrpc: '2.0', method: 'notifications/cancelled', params: {} },
  ]);
  expect(answers).toEqual([expect.objectContaining({ id: null }), expect.objectContaining({ id: null })]);
});

it.each([
  ['a server that is away', async () => ({ url: `http://127.0.0.1:${await freePort()}`, token })],
  ['a token that is refused', () => Promise.resolve({ url, token: 'okt_nonsense' })],
])('tells of %s in the answer, without the token, and goes on', async (_, door) => {
  const ask = (id: number) => ({ jsonrpc: '2.0', id, method: 'tools/list', params: { _meta: CLAIMS } });
  const answers = await through([ask(1), ask(2)], await door());
  expect(answers).toHaveLength(2);
  for (const answer of answers) expect(answer.error).toMatchObject({ message: expect.any(String) as string });
  expect(JSON.stringify(answers)).not.toContain('okt_');
});

it('says how to configure it where nothing is', async () => {
  const child = spawn(process.execPath, [join(await buildServer(), 'src/cli.js'), 'mcp'], {
    env: { HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [said, code] = await Promise.all([
    child.stderr.toArray().then(parts => parts.join('')),
    new Promise(resolve => child.once('exit', resolve)),
  ]);
  expect({ said, code }).toEqual({ said: expect.stringContaining('OPSKEEP_URL') as string, code: 2 });
});
