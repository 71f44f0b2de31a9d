import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import nodeVault from 'node-vault';
import { type Body, startApp, type TestApp } from './app.js';

const run = promisify(execFile);
/** Debian's, with its packages. */
const PYTHON = '/usr/bin/python3';
const PACKAGES = '/usr/lib/python3/dist-packages';
/** Where `.ci/run` unpacks the collection which Debian has in a package of 250 MB. */
const COLLECTIONS = process.env.OPSKEEP_TEST_COLLECTIONS ?? PACKAGES;
const withHvac = existsSync(join(PACKAGES, 'hvac')) ? test : test.skip;
const hasCollection = existsSync(join(COLLECTIONS, 'ansible_collections/community/hashi_vault'));
const withAnsible = existsSync('/usr/bin/ansible') && hasCollection ? test : test.skip;

let t: TestApp;
let url: string;
let home: string;
let token: string;
let other: string;
beforeAll(async () => {
  t = await startApp();
  url = await t.listen();
  home = await mkdtemp(join(tmpdir(), 'kv-clients-'));
  const client_id = (await t.make('clients', { name: 'Acme Dental' })).id;
  const make = async (given: Body) => (await t.make('credentials', { client_id, ...given })).id;
  const ids = [
    await make({ name: 'firewall', username: 'admin', password: 'CANARY wall 1' }),
    await make({ name: 'Zürich/VPN 50%', username: 'vpn', password: 'CANARY vpn' }),
  ];
  other = await make({ name: 'switch' });
  await t.http('POST', `/api/credentials/${ids[0]}/rotate`, { body: { value: 'CANARY wall 2' } });
  const about = { name: 'playbook', scopes: ['msp:read'], credential_ids: ids, actions: ['reveal'] };
  token = String((await t.make('access-tokens', about)).token);
});
afterAll(async () => {
  await rm(home, { recursive: true, force: true });
  await t.close();
});

const WALL = { username: 'admin', password: 'CANARY wall 2' };
const VPN = { username: 'vpn', password: 'CANARY vpn' };

test('node-vault reads, lists, and is refused what a token is not for', async () => {
  const vault = nodeVault({ endpoint: url, token });
  expect(await vault.health()).toMatchObject({ initialized: true, sealed: false });
  expect(await vault.tokenLookupSelf()).toMatchObject({ data: { display_name: 'playbook' } });
  expect(await vault.list('secret/metadata')).toMatchObject({ data: { keys: ['Acme Dental/'] } });
  const { data } = (await vault.list('secret/metadata/Acme Dental/')) as { data: { keys: string[] } };
  expect(data.keys).toEqual(['Zürich%2FVPN 50%25', 'firewall', 'switch']);
  expect(await vault.read('secret/data/Acme Dental/firewall')).toMatchObject({
    data: { data: WALL, metadata: { version: 2 } },
  });
  expect(await vault.read(`secret/data/Acme Dental/${data.keys[0]}`)).toMatchObject({ data: { data: VPN } });
  const refused = (status: number) => ({ response: { statusCode: status } });
  await expect(vault.read('secret/data/Acme Dental/switch')).rejects.toMatchObject(refused(403));
  await expect(vault.read('secret/data/Acme Dental/none')).rejects.toMatchObject(refused(404));
  await expect(vault.write('secret/data/Acme Dental/firewall', { data: { a: 'b' } })).rejects.toMatchObject(
    refused(405),
  );
  const stranger = nodeVault({ endpoint: url, token: 'hvs.wrong' });
  await expect(stranger.list('secret/metadata')).rejects.toMatchObject(refused(403));
});

async function hvac(wishes: unknown[][], by = token): Promise<unknown[][]> {
  const env = { VAULT_ADDR: url, VAULT_TOKEN: by, HOME: home };
  const running = run(PYTHON, [join(import.meta.dirname, 'harness/hvac-client.py')], { env });
  running.child.stdin?.end(JSON.stringify(wishes));
  return JSON.parse((await running).stdout) as unknown[][];
}

withHvac('hvac reads, lists, and is refused what a token is not for', async () => {
  const [authenticated, health, places, keys, byGet, wall, vpn, metadata, ...refused] = await hvac([
    ['is_authenticated'], ['health'], ['list', ''], ['list', 'Acme Dental'], ['list_by_get', 'Acme Dental'],
    ['read', 'Acme Dental/firewall'], ['read', 'Acme Dental/Zürich%2FVPN 50%25'], ['metadata', 'Acme Dental/firewall'],
    ['read', 'Acme Dental/firewall', 1], ['read', `Acme Dental/${other}`], ['read', 'Acme Dental/none'], ['list', 'Nobody'],
    ['write', 'Acme Dental/firewall', { a: 'b' }], ['delete', 'Acme Dental/firewall'],
  ]); // prettier-ignore
  expect([authenticated, places]).toEqual([[true], [['Acme Dental/']]]);
  expect(health).toMatchObject([{ sealed: false }]);
  expect([keys, byGet]).toEqual(Array(2).fill([['Zürich%2FVPN 50%25', 'firewall', 'switch']]));
  expect(wall).toMatchObject([{ data: WALL, metadata: { version: 2 } }]);
  expect(vpn).toMatchObject([{ data: VPN }]);
  expect(metadata).toMatchObject([{ current_version: 2, versions: { 1: {}, 2: {} } }]);
  expect(refused).toEqual([
    ['Forbidden', expect.stringContaining('X-Opskeep-Reason')],
    ['Forbidden', expect.stringContaining('permission denied')],
    ['InvalidPath', expect.stringContaining('Credential was not found')],
    ['InvalidPath', expect.stringContaining('There is nothing to list')],
    ['UnexpectedError', expect.stringContaining('has no such method')],
    ['UnexpectedError', expect.stringContaining('has no such method')],
  ]);
  expect(await hvac([['is_authenticated']], 'hvs.wrong')).toEqual([[false]]);
});

/** What a template comes to. */
async function ansible(template: string): Promise<unknown> {
  const env = {
    PATH: '/usr/bin:/bin', HOME: home, LC_ALL: 'C.UTF-8', ANSIBLE_COLLECTIONS_PATH: COLLECTIONS, ANSIBLE_LOCALHOST_WARNING: 'false',
    ANSIBLE_HASHI_VAULT_ADDR: url, ANSIBLE_HASHI_VAULT_TOKEN: token,
  }; // prettier-ignore
  const { stdout } = await run(
    '/usr/bin/ansible',
    ['localhost', '-m', 'debug', '-a', `msg={{ ${template} }}`],
    { env },
  );
  return (JSON.parse(stdout.slice(stdout.indexOf('{'))) as { msg: unknown }).msg;
}

withAnsible('the lookups of Ansible read and list, and fail where a token is not for it', async () => {
  const look = (plugin: string, path: string) => `lookup("community.hashi_vault.${plugin}", "${path}")`;
  const template = [
    `wall=${look('vault_kv2_get', 'Acme Dental/firewall')}.secret`,
    `vpn=${look('vault_kv2_get', 'Acme Dental/Zürich%2FVPN 50%25')}.secret`,
    `password=${look('hashi_vault', 'secret/data/Acme%20Dental/firewall:password')}`,
    `keys=${look('vault_list', 'secret/metadata/Acme Dental')}.data["keys"]`,
  ].join(', ');
  expect(await ansible(`dict(${template})`)).toEqual({
    wall: WALL, vpn: VPN, password: 'CANARY wall 2', keys: ['Zürich%2FVPN 50%25', 'firewall', 'switch'],
  }); // prettier-ignore
  await expect(ansible(look('vault_kv2_get', 'Acme Dental/switch'))).rejects.toMatchObject({
    stdout: expect.stringContaining('Permission Denied to path') as string,
  });
});
