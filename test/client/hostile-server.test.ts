import { answerIn } from '../../src/client/server/request.js';
import { isAnswer } from '../../src/client/server/holds.js';
import { type Machine, makeMachine } from './machine.js';
import { startStub, type Stub } from './stub.js';

jest.setTimeout(60_000);

let stub: Stub;
let machine: Machine;
beforeAll(async () => {
  stub = await startStub();
  machine = await makeMachine({ url: stub.url, token: 'okt_CANARY' });
});
afterAll(async () => {
  machine.remove();
  await stub.close();
});

const ME = { id: '1', email: 'a@b.example', name: 'A', scopes: ['msp:read'], client_access: 'all' };

test.each<[string, string[], { status?: number; body: unknown }]>([
  ['nothing in it', ['whoami'], { body: {} }],
  ['a list', ['whoami'], { body: [1] }],
  ['another form', ['whoami'], { body: { ...ME, scopes: 'all' } }],
  ['a redirect with a body', ['whoami'], { status: 302, body: ME }],
  ['rows that are none', ['credential', 'list'], { body: { items: [null] } }],
  ['rows without ids', ['find', 'x', '--kind', 'tasks'], { body: { items: [{}], next: null } }],
  ['no list', ['credential', 'get', 'x'], { body: { items: 'x' } }],
])('an answer with %s is none of Opskeep: 4', async (_name, args, answer) => {
  stub.answer = () => answer;
  const told = await machine.run(args);
  expect(told).toMatchObject({
    code: 4,
    stdout: '',
    stderr: `${stub.url} answers, but not as Opskeep does\n`,
  });
});

test('a refusal is told, whatever its details are; it writes nothing from right to left', async () => {
  stub.answer = () => ({ status: 422, body: { error: 'no\u202egpj.exe\u2066', details: { errors: 'zz' } } });
  expect(await machine.run(['whoami'])).toMatchObject({ code: 1, stderr: 'no\ufffdgpj.exe\ufffd\n' });
  const asJson = await machine.run(['whoami', '--json']);
  expect(asJson.stderr).not.toMatch(/[\u202e\u2066]/);
  stub.answer = () => ({ body: { ...ME, name: 'A\u202e\u2028B' } });
  expect((await machine.run(['whoami'])).stdout).toMatch(/^A\ufffd\ufffdB <a@b\.example> at /);
  const { stdout, json } = await machine.run(['whoami', '--json']);
  expect(stdout).not.toMatch(/[\u202e\u2028]/);
  expect(json()).toMatchObject({ name: 'A\u202e\u2028B' });
});

test('heads before the answer are passed over, however many', () => {
  const heads = 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(300_000);
  expect(answerIn(Buffer.from(heads))).toBeUndefined();
  expect(answerIn(Buffer.from(`${heads}HTTP/1.1 200 OK\r\n\r\n{"a":1}`))).toMatchObject({
    status: 200,
    body: { a: 1 },
  });
});

test('what an answer must hold is looked at in all of its rows', () => {
  const rows = ['items[].id', 'items[].name?'];
  expect(isAnswer({ items: [{ id: 'x', name: null }, { id: 'y' }] }, rows)).toBe(true);
  for (const items of [[{ id: 1 }], [{ id: 'x', name: 1 }], [[]], {}, undefined, [null]])
    expect(isAnswer({ items }, rows)).toBe(false);
  for (const body of [[], null, 'x', undefined, [{ id: 'x' }]]) expect(isAnswer(body)).toBe(false);
});
