import fc from 'fast-check';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { OWN_PLACES, parseReference, referenceText } from '../../src/formats/reference.js';
import { referencesInFile } from '../../src/client/references/references-in.js';
import { type Shown, startApp, type TestApp } from '../app.js';
import { type Machine, makeMachine } from './machine.js';

jest.setTimeout(180_000);

const CLIENT = "Müller's Zahn/Klinik (Nord)";

let t: TestApp;
let machine: Machine;
let firewall: Shown;
let reference: string;
beforeAll(async () => {
  t = await startApp();
  const url = await t.listen();
  machine = await makeMachine({ url, token: t.admin.token });
  const client = await t.make('clients', { name: CLIENT });
  firewall = await make({
    client_id: client.id,
    name: 'fw 1',
    password: 'CANARY "quoted" $x',
    username: 'root',
  });
  await make({ client_id: null, visibility: 'pool', name: 'wifi', password: 'CANARY pool' });
  reference = await referenceOf(firewall);
  await machine.run(['vault', 'init']);
  await machine.run(['vault', 'set', 'DB'], 'CANARY local {{ opskeep://local/OTHER }}');
});
afterAll(async () => {
  machine.remove();
  await t.close();
});

const make = (body: object) =>
  t.make('credentials', { credential_type: 'password', service_name: 'Acme', ...body });
const referenceOf = async ({ id }: Shown) => {
  const answer = await t.http('POST', `/api/credentials/${id}/reference`, { body: { reason: 'a test' } });
  return String(answer.body.reference);
};
const reveals = async () => {
  const { items } = (await t.http('GET', `/api/credential-audit-logs/by-credential/${firewall.id}`)).body;
  return (items as Shown[]).filter(one => (one.details as { reason?: string } | null)?.reason === 'ticket 7')
    .length;
};
const show = [
  '--',
  process.execPath,
  '-e',
  'console.log(process.env.A.split("").reverse().join(""), process.env.C)',
];
const inject = (template: string, args: string[] = [], more: Record<string, string> = {}) =>
  machine.run(['inject', ...args], template, more);

test('what the server gives as a reference, run and inject resolve; each is revealed once, for a reason', async () => {
  const pool = 'opskeep://pool/wifi';
  const env = {
    A: reference,
    B: decodeURIComponent(reference).replace('Zahn/', 'Zahn%2F'),
    C: `${reference.replace(/[^/]+$/, '')}username`,
  };
  const told = await machine.run(['run', '--reason', 'ticket 7', ...show], '', { ...env, P: pool });
  expect(told).toMatchObject({
    code: 0,
    stdout: `${[...'CANARY "quoted" $x'].reverse().join('')} [redacted:secret]\n`,
    stderr: '',
  });
  expect(await reveals()).toBe(1);
  const template = `a: '${reference}'\nb: {{ opskeep://${firewall.client_id}/${firewall.id}/password }}\nc: ${pool}.\n`;
  expect(await inject(template, ['--reason', 'ticket 7'])).toMatchObject({
    code: 0,
    stdout: `a: 'CANARY "quoted" $x'\nb: CANARY "quoted" $x\nc: CANARY pool.\n`,
    stderr: '',
  });
  expect(await reveals()).toBe(2);
});

test('an access token resolves what it is made to reveal, and the program does not get it', async () => {
  const body = { scopes: ['msp:read'], resources: ['vault', 'clients'], actions: ['reveal'] };
  const issued = await t.http('POST', '/api/access-tokens', {
    body: { ...body, name: 'deploy', credential_ids: [firewall.id] },
  });
  const token = { OPSKEEP_TOKEN: '', CREDENTIALS_MANAGER_TOKEN: String(issued.body.token) };
  const script = 'console.log(process.env.A.length, Object.keys(process.env).join())';
  const told = await machine.run(['run', '--', process.execPath, '-e', script], '', {
    ...token,
    A: reference,
  });
  expect(told).toMatchObject({ code: 0, stdout: expect.stringMatching(/^18 /), stderr: '' });
  expect(told.stdout).not.toContain('TOKEN');
  const other = await inject('opskeep://pool/wifi', [], token);
  expect(other).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/^line 1: wifi: /) });
});

test('a client that is called like a place of its own is referred to by its id', async () => {
  for (const name of OWN_PLACES) {
    const client = await t.make('clients', { name });
    const one = await make({ client_id: client.id, name: 'wifi', password: `CANARY of ${name}` });
    const told = await inject(await referenceOf(one));
    expect(told).toMatchObject({ code: 0, stdout: `CANARY of ${name}` });
  }
});

test('what is missing is 3, what is refused is 1, with every place told; nothing is written', async () => {
  const file = join(machine.work, 'app.conf');
  writeFileSync(file, 'as it was');
  const guarded = await make({
    client_id: firewall.client_id,
    name: 'guarded',
    password: 'CANARY g',
    reveal_policy: 'otp',
  });
  const template = [
    'x: opskeep://local/NONE',
    'y: opskeep://pool/none/password opskeep://pool/wifi/api_key',
    'z: {{ opskeep://Nobody/wifi }}',
    'ok: opskeep://local/DB',
  ].join('\n');
  const missing = await inject(template, ['-o', file]);
  expect(missing).toMatchObject({ code: 3, stdout: '' });
  expect(missing.stderr).toMatch(/^line 1: .*\nline 2: .*none.*\nline 2: .*api_key.*\nline 3: .*Nobody/);
  const refused = await inject(await referenceOf(guarded), ['-o', file]);
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect([readFileSync(file, 'utf8'), readdirSync(machine.work)]).toEqual(['as it was', ['app.conf']]);
  expect(missing.stderr + refused.stderr).not.toContain('CANARY');
});

test('inject writes for the owner alone, as a whole, once: a value is not looked through again', async () => {
  const [template, out, elsewhere] = ['t.conf', 'o.conf', 'elsewhere'].map(one =>
    join(machine.work, one),
  ) as [string, string, string];
  writeFileSync(template, 'pw=opskeep://local/DB\r\n', { mode: 0o644 });
  writeFileSync(elsewhere, 'mine', { mode: 0o644 });
  symlinkSync(elsewhere, out);
  expect(await inject('', ['-i', template, '-o', out])).toMatchObject({ code: 0, stderr: '' });
  expect(readFileSync(out, 'utf8')).toBe('pw=CANARY local {{ opskeep://local/OTHER }}\r\n');
  expect([statSync(out).mode & 0o777, lstatSync(out).isFile(), readFileSync(elsewhere, 'utf8')]).toEqual([
    0o600,
    true,
    'mine',
  ]);
  expect((await inject('', ['-i', template, '-o', template])).code).toBe(2);
  expect((await inject('', ['-i', join(machine.work, 'none'), '-o', out])).code).toBe(2);
  expect((await inject('', ['-i', machine.work, '-o', out])).code).toBe(2);
  mkdirSync(join(machine.work, 'closed'));
  expect((await inject('', ['-i', template, '-o', join(machine.work, 'closed')])).code).toBe(1);
  expect((await inject('', ['-i', template, '-o', join(machine.work, 'none', 'x')])).code).toBe(1);
  expect((await machine.run(['inject', '-i', '/dev/zero', '-o', out])).code).toBe(2);
  expect((await inject('nothing', ['-o', out])).stderr).toMatch(/no reference/);
  chmodSync(elsewhere, 0o600);
  expect(existsSync(join(machine.work, 'none'))).toBe(false);
});

describe('a reference', () => {
  test('is read as it was written, whatever it names, also between quotes and braces', () => {
    const part = fc.string({ unit: 'grapheme', minLength: 1 });
    fc.assert(
      fc.property(part, part, fc.option(part, { nil: undefined }), (place, credential, field) => {
        fc.pre(place !== 'local' || field === undefined);
        const one = { place, credential, field };
        const written = referenceText(one);
        expect(parseReference(written)).toEqual(one);
        for (const [before, behind] of [
          ['"', '"'],
          ["'", "'"],
          ['(', ')'],
          ['{{ ', ' }}'],
          ['<', '>,'],
        ] as const)
          expect(
            referencesInFile(`${before}${written}${behind}`).map(found => parseReference(found.reference)),
          ).toEqual([one]);
      }),
    );
  });

  test('is none of these', () => {
    for (const text of [
      'opskeep://',
      'opskeep://a',
      'opskeep://a/',
      'opskeep:///b',
      'opskeep://a/b/c/d',
      'opskeep://a/%',
      'op://a/b',
      'opskeep://local/a/b',
    ])
      expect(parseReference(text)).toBeUndefined();
  });

  test('is looked for in time in proportion to the length', () => {
    const long = ['{{ opskeep://', '{{', '{{        ', 'opskeep://', 'opskeep://.....', 'opskeep://a/b '].map(
      one => one.repeat(200_000 / one.length),
    );
    const began = process.cpuUsage();
    for (const text of [...long, `{{ opskeep://${' '.repeat(200_000)}`, `opskeep://${'.'.repeat(200_000)}`])
      referencesInFile(text);
    const { user } = process.cpuUsage(began);
    expect(user / 1_000).toBeLessThan(3_000);
  });
});
