import { nearest } from '../../src/formats/nearest.js';
import { table } from '../../src/client/cli/table.js';
import { programVersion } from '../../src/client/version.js';
import { type Machine, makeMachine } from './machine.js';

jest.setTimeout(60_000);

let machine: Machine;
beforeAll(async () => (machine = await makeMachine()));
afterAll(() => machine.remove());

test('a command that was nearly typed is named, and nothing far from it', async () => {
  const words = ['credential', 'find', 'vault', 'scan', 'inject', 'import'];
  const typed = {
    credentail: 'credential',
    cred: 'credential',
    fnd: 'find',
    valut: 'vault',
    scna: 'scan',
    in: 'inject',
  };
  for (const [word, meant] of Object.entries(typed)) expect(nearest(word, words)).toBe(meant);
  for (const word of ['i', 'im-', 'nonsense', 'x'.repeat(10_000)])
    expect(nearest(word, words)).toBeUndefined();
  const told = await machine.run(['valut', 'get']);
  expect(told).toMatchObject({
    code: 2,
    stderr: 'There is no command valut here. Did you mean vault? See --help.\n',
  });
});

test('help and the version are given however they are asked for', async () => {
  const page = await machine.run(['credential', 'get', '--help']);
  expect(page.stdout).toMatch(/^Usage: opskeep credential get /);
  expect(await machine.run(['help', 'credential', 'get'])).toEqual({ ...page, json: expect.any(Function) });
  expect((await machine.run(['help'])).stdout).toMatch(/^Usage: opskeep COMMAND/);
  expect((await machine.run(['help', 'nonsense'])).code).toBe(2);
  expect(await machine.run(['-v'])).toMatchObject({ code: 0, stdout: `${programVersion()}\n` });
});

test('the address of a request names its server, too', async () => {
  const told = await machine.run(
    ['login', '--url', 'http://127.0.0.1:1/api/', '--email', 'a@b.example'],
    'x',
  );
  expect(told).toMatchObject({
    code: 4,
    stderr: expect.stringMatching(/^http:\/\/127\.0\.0\.1:1 is not reachable/),
  });
});

test('on a narrow terminal the id gives way, elsewhere the names', () => {
  const id = '0b2f3a4c-1111-4222-8333-444455556666';
  const rows = [[id, 'Firewall of the office']];
  expect(table(['ID', 'NAME'], rows, 80)).toContain(id);
  expect(table(['ID', 'NAME'], rows, 64)).toContain(id);
  const narrow = table(['ID', 'NAME'], rows, 40);
  expect(narrow).toContain('Firewall of the office');
  expect(Math.max(...narrow.split('\n').map(line => line.length))).toBeLessThanOrEqual(40);
});
