import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { dictionary as english } from '@zxcvbn-ts/language-en';
import { isHardToGuess } from '../src/formats/redaction/candidates.js';
import { generatePassword } from '../src/vault/credentials/generate/generate.js';
import { startApp, type TestApp } from './app.js';

/** Of a client that the technician does not see; people made them up. */
const HIDDEN = ['P@$$w0rd2026!', 'B3t4-L4w!2026', 'Kr4nk3nh4us-N0rd!2026'];

let t: TestApp;
let acme: string;
let tech: { id: string; token: string };

beforeAll(async () => {
  t = await startApp();
  acme = (await t.make('clients', { name: 'Acme' })).id;
  const beta = (await t.make('clients', { name: 'Beta' })).id;
  for (const password of HIDDEN)
    await t.make('credentials', {
      client_id: beta,
      credential_type: 'password',
      service_name: 'DC',
      password,
    });
  tech = await t.user({ scopes: ['msp:read', 'msp:write'], client_access: 'only', client_ids: [acme] });
});
afterAll(() => t.close());

let count = 0;

/** What is read of turns after they came as events. */
async function storedAll(texts: readonly string[], token: string): Promise<string[]> {
  const events = texts.map(text => ({ key: `k${++count}`, kind: 'turn', speaker: 'user', at: '2026-03-04T10:00:00Z', session_key: 's', text, project: { name: 'guesses' } })); // prettier-ignore
  const { body } = await t.http('POST', '/api/memory/events', { token, body: { events } });
  const { results } = body as unknown as { results: { id: string }[] };
  const turns = results.map(({ id }) => t.http('GET', `/api/conversation-turns/${id}`, { token }));
  return (await Promise.all(turns)).map(one => String(one.body.text));
}
const stored = async (text: string, token: string) => (await storedAll([text], token))[0];

const LEET: Record<string, string[]> = { a: ['a', '@', '4'], s: ['s', '$', '5'], o: ['o', '0'], i: ['i', '1', '!'], e: ['e', '3'], t: ['t', '7'] }; // prettier-ignore

function variants(word: string): string[] {
  const signs = Array.from(word, (one, n) => (n === 0 ? [one] : (LEET[one.toLowerCase()] ?? [one])));
  return signs.reduce((all, some) => all.flatMap(before => some.map(one => before + one)), ['']);
}

it('tells nobody which passwords of clients that he does not see he has guessed', async () => {
  const guesses = ['Password', 'Beta-Law', 'Winter'].flatMap(word =>
    variants(word).flatMap(one => ['2025', '2026'].flatMap(year => [`${one}${year}!`, `${one}!${year}`])),
  );
  expect(guesses).toEqual(expect.arrayContaining(HIDDEN.slice(0, 2)));
  const text = [...guesses, ...HIDDEN].join('\n');
  expect(await stored(text, tech.token)).toBe(text);
});

const any = <T>(of: readonly T[]) => of[randomInt(of.length)] as T;
const WORDS = [...english['commonWords-en'], ...english['lastnames-en'].slice(0, 30_000)]
  .map(String)
  .filter(word => /^[a-z]{3,}$/.test(word));
const TAILS = ['', '!', '1!', '123', '2026', '2026!', '#2026', '$$', '12.03.2025', '01'];

/** As people make passwords: words with a capital, signs for letters, a year. */
const disguised = () => {
  const signs = Array.from(any(WORDS), one => (randomInt(10) < 6 ? any(LEET[one] ?? [one]) : one));
  if (randomInt(4) === 0) signs.reverse();
  const word = signs.join('');
  return word.charAt(0).toUpperCase() + word.slice(1);
};
const MADE: [string, () => string][] = [
  ['a word', () => disguised() + any(['', '-', '!', '_']) + any(TAILS) + any(TAILS)],
  ['two words', () => disguised() + any(['-', '!', '_', '.', '']) + disguised() + any(TAILS)],
  ['three words', () => [disguised(), disguised(), disguised()].join(any(['-', '!', '_', ''])) + any(TAILS)],
  ['machines', () => `${any(['DC', 'SQL', 'FW', 'GmbH'])}${any(['01', '02', '-1'])}-${disguised()}-${any(['VPN', 'RDP'])}${any(TAILS)}`],
  ['letters apart', () => Array.from(any(WORDS)).join(any(['.', '-', '1'])) + any(TAILS)],
]; // prettier-ignore

it.each(MADE)('takes nothing that people make up for hard to guess: %s', (_, make) => {
  const hard = Array.from({ length: 3_000 }, make).filter(isHardToGuess);
  expect(hard.length).toBeLessThan(60);
});

it('takes most of what the vault draws for hard to guess', () => {
  const drawn = (length: number) =>
    Array.from(
      { length: 500 },
      () => generatePassword(length, ['lower', 'upper', 'digits', 'symbols']).value,
    );
  expect(drawn(20).filter(isHardToGuess).length).toBeGreaterThan(450);
  expect(drawn(32).filter(isHardToGuess).length).toBeGreaterThan(490);
});

it.each([...HIDDEN, 'drowssaP-2026-nimdA', '1qaz2wsx3edc4rfv!QAZ@WSX', 'AcmeGmbH-DC01-SQL02-FW03-2026!', 'P.a.s.s.w.o.r.d.2.0.2.6', 'Пароль2026!Пароль', 'x9!x9!x9!x9!x9!x9!', 'qwertzuiopasdfgh1234!'])(
  'may be guessed: %s', text => expect(isHardToGuess(text)).toBe(false),
); // prettier-ignore
it.each(['kX9-vQ2m_Zt7Lw4R', 'x9$Kp!2vQ8@zL4', '9f86d081884c7d659a2feaa0c55ad015', 'b3f1c9d2-7e4a-4f0b-9c6d-2a8e5f1d3c7b'])(
  'cannot be guessed: %s', text => expect(isHardToGuess(text)).toBe(true),
); // prettier-ignore

const PLACES = ['cfg/S', 'dom\\S', 'user%S', 'u@S', 'a+S', '#S', '$S', '~S~', '/opt/S.txt', 'S/S', 'x-S', 'admin/S', 'S@host', '\u200BS\u200B', 'S\u2060', 'C:\\users\\S', 'a_S_b', 'pw=dom\\S;', 'https://host/S/x', '**S**', '%S%']; // prettier-ignore

it.each(['kX9-vQ2m_Zt7Lw4R', 'Fluffy#2019'])('finds %s whatever it is joined with', async password => {
  await t.make('credentials', {
    client_id: acme,
    credential_type: 'password',
    service_name: 'NAS',
    password,
  });
  const written = PLACES.map(place => `at ${place.replaceAll('S', () => password)} there`);
  for (const [n, text] of written.entries()) {
    const kept = await t.http('POST', '/api/context-snippets', {
      body: { client_id: acme, category: 'fact', content: text },
    });
    expect([PLACES[n], String(kept.body.content).includes(password)]).toEqual([PLACES[n], false]);
  }
});

const OWN = 'CANARYFluffy#2019';

/** Somebody with a password of his own, and a token of his hooks. */
async function withHooks(): Promise<{ token: string; email: string }> {
  const { email, token } = await t.user({ scopes: ['msp:read', 'msp:write'] });
  const own = { credential_type: 'password', service_name: 'Own', visibility: 'private', password: OWN };
  await t.http('POST', '/api/credentials', { token, body: own });
  const body = { name: 'hook', scopes: ['msp:read', 'msp:write'], resources: ['memory'] };
  const made = await t.http('POST', '/api/access-tokens', { token, body });
  return { email, token: (made.body as unknown as { token: string }).token };
}

it('masks own passwords that hooks send on a day with much work', async () => {
  const { token } = await withHooks();
  for (let hour = 0; hour < 4; hour++) {
    const texts = Array.from({ length: 25 }, (_, n) => {
      const names = Array.from(
        { length: 4 },
        (_, of) => `dc${of}-hv${n}.acme.example 10.20.${n}.${hour} INC-${n}94083`,
      );
      return `Run ${n}.${hour}: v1.${n}.2-rc${hour} ${names.join(' ')} Build#${n % 9}Set${hour}`;
    });
    const all = await storedAll([...texts, `it is ${OWN} there`], token);
    expect(all).toEqual([...texts, 'it is [redacted:vault] there']);
  }
});

it('lets nobody try passwords with a token, and tells of it', async () => {
  const { token, email } = await withHooks();
  const guesses = Array.from({ length: 3_000 }, (_, n) => `CANARYFluffy#${10_000 + n}`);
  guesses[2_000] = OWN;
  const parts = Array.from({ length: 3 }, (_, n) => guesses.slice(n * 1_000, (n + 1) * 1_000).join('\n'));
  const lines = (await storedAll(parts, token)).flatMap(one => one.split('\n'));
  expect(lines).toHaveLength(guesses.length);
  // A hit looks as what is none, and cannot be tried again.
  expect(lines.slice(1_000)).toEqual(Array(2_000).fill('[redacted:password]'));
  expect(await stored(`is it ${OWN} then`, token)).toBe('is it [redacted:password] then');
  const told = async () =>
    (await t.http('GET', '/api/security-incidents', { query: { q: email } })).body.items;
  // It is opened after the answer.
  for (let tries = 0; tries < 100 && (await told()).length === 0; tries++) await sleep(50);
  expect(await told()).toMatchObject([{ incident_type: 'unauthorized_access', severity: 'low' }]);
});

it('keeps no secret as the key of an event', async () => {
  const password = 'kX8-vQ3m_Zt6Lw5R';
  await t.make('credentials', {
    client_id: acme,
    credential_type: 'password',
    service_name: 'Key',
    password,
  });
  const event = { key: `a:${password}`, kind: 'note', at: '2026-03-04T10:00:00Z', session_key: 's', text: 'a note', project: { name: 'keys' } }; // prettier-ignore
  const { body } = await t.http('POST', '/api/memory/events', { body: { events: [event] } });
  expect(body).toMatchObject({
    refused: 1,
    results: [{ error: { details: { errors: [{ field: 'key' }] } } }],
  });
  expect(JSON.stringify(await t.sql('SELECT * FROM memory_events'))).not.toContain(password);
});
