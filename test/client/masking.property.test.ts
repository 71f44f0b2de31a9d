import fc from 'fast-check';
import { execFileSync, spawnSync } from 'node:child_process';
import { buffer } from 'node:stream/consumers';
import { finderOf, Masking } from '../../src/client/run/masking/masking.js';
import { spellingsOf } from '../../src/client/run/masking/spellings.js';

const MARK = '[redacted:secret]';

/** What comes out of pieces, and how much waited behind each. */
async function masked(values: string[], pieces: Buffer[]): Promise<{ all: Buffer; waited: number[] }> {
  const masking = new Masking(finderOf(values));
  const all = buffer(masking);
  const waited: number[] = [];
  for (const piece of pieces) {
    masking.write(piece);
    waited.push((masking as unknown as { waiting: Buffer }).waiting.length);
  }
  masking.end();
  return { all: await all, waited };
}

const text = async (values: string[], ...pieces: string[]) =>
  (
    await masked(
      values,
      pieces.map(one => Buffer.from(one)),
    )
  ).all.toString();

/** The same, by looking at every place for every spelling. */
function slowly(values: string[], bytes: Buffer): Buffer {
  const found = [...new Set(values.flatMap(spellingsOf).map(one => one.toString('latin1')))];
  const all = bytes.toString('latin1');
  const hits = found
    .flatMap(one => {
      const places: { from: number; to: number }[] = [];
      for (let at = all.indexOf(one); at !== -1; at = all.indexOf(one, at + 1))
        places.push({ from: at, to: at + one.length });
      return places;
    })
    .sort((a, b) => a.from - b.from || b.to - a.to);
  const merged: { from: number; to: number }[] = [];
  for (const hit of hits) {
    const last = merged.at(-1);
    if (last && last.to > hit.from) last.to = Math.max(last.to, hit.to);
    else merged.push({ ...hit });
  }
  let out = '';
  let done = 0;
  for (const { from, to } of merged) {
    out += all.slice(done, from) + MARK;
    done = to;
  }
  return Buffer.from(out + all.slice(done), 'latin1');
}

// Few letters, so that values begin inside of others.
const value = fc.string({ unit: fc.constantFrom('a', 'b', '/', ' ', 'ü'), minLength: 4, maxLength: 9 });
const piece = fc.string({ unit: fc.constantFrom('a', 'b', '/', ' ', 'ü', '%', '2'), maxLength: 12 });

test('masks the same however the bytes are cut, as a search of the whole finds it', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(value, { minLength: 1, maxLength: 4 }),
      fc.array(piece),
      fc.array(fc.nat(), { maxLength: 30 }),
      async (values, parts, numbers) => {
        const said = parts.flatMap((part, at) => [part, values[at % values.length] ?? '']);
        const whole = Buffer.from(said.join(''));
        const cuts = [0, ...numbers.map(one => one % (whole.length + 1)), whole.length].sort((a, b) => a - b);
        const pieces = cuts.slice(1).map((to, at) => whole.subarray(cuts[at], to));
        const { all } = await masked(values, pieces);
        expect(all.toString('latin1')).toBe(slowly(values, whole).toString('latin1'));
      },
    ),
    { numRuns: 500 },
  );
});

test('bytes that are no secret pass as they are, at once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 50 })), async parts => {
      const pieces = parts.map(one => Buffer.from(one));
      const { all, waited } = await masked(['CANARY-never-there'], pieces);
      expect(all.equals(Buffer.concat(pieces))).toBe(true);
      expect(Math.max(0, ...waited)).toBeLessThan(60);
    }),
  );
  const { waited } = await masked(
    ['CANARY/1'],
    ['Password: ', 'CAN', '!!!', 'CANARY/1'].map(Buffer.from as never),
  );
  // The last is whole, and the beginning of no other spelling.
  expect(waited).toEqual([0, 3, 0, 0]);
});

test('a secret is found in the spellings in which programs write it', async () => {
  const secret = `CANARY pä/ß+"&<x>'~!`;
  const bytes = Buffer.from(secret);
  const basic = Buffer.from(`user:${secret}`).toString('base64');
  const written = [
    secret,
    JSON.stringify(secret),
    JSON.stringify({ a: { b: secret } }).replaceAll('/', '\\/'),
    encodeURIComponent(secret),
    encodeURIComponent(secret).replace(/%../g, digits => digits.toLowerCase()),
    new URLSearchParams({ secret }).toString(),
    bytes.toString('base64'),
    bytes.toString('base64url'),
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
    basic,
    Buffer.from(`us:${secret}`).toString('base64url'),
    Buffer.from(`u:${secret}@host`).toString('base64'),
    secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
    `'${secret.replaceAll("'", "'\\''")}'`,
  ];
  for (const one of written) {
    const told = await text([secret], `<${one}>`);
    expect(told).toContain(MARK);
    expect(told.replace(MARK, '').length).toBeLessThan(35);
    expect(told).not.toMatch(/CANARY|Q0FOQVJZ|43414e4152/i);
  }
  // Where Base64 shares a sign with what stands beside the secret, only that one is left.
  expect((await text([secret], basic)).length).toBeLessThan('dXNlcj'.length + MARK.length + 4);
});

test('a secret is found as shells and languages quote it, and in other encodings', async () => {
  const secret = `CANARY pä/ß+"&<x>'~!$HOME\\ \`(a,b)😀{c}`;
  const env = { PATH: process.env.PATH, S: secret };
  const script = 'printf \'%q\\n\' "$S"; declare -p S; export -p | grep CANARY; set -x; : "$S"';
  const python =
    'import os; s = os.environ["S"]; b = s.encode(); print(repr(s), ascii(s), b, repr(s.replace(chr(34), "")), [b])';
  const shells = ['C', 'C.UTF-8'].map(locale => {
    const { stdout, stderr } = spawnSync('bash', ['-c', script], { env: { ...env, LC_ALL: locale } });
    return Buffer.concat([stdout, stderr]).toString();
  });
  const posix = execFileSync('sh', ['-c', 'export -p | grep CANARY'], { env, encoding: 'utf8' });
  const told = execFileSync('python3', ['-c', python], {
    env: { ...env, PYTHONUTF8: '1' },
    encoding: 'utf8',
  });
  expect(told).toMatch(/\\xc3\\xa4.*\\xc3\\xa4/);
  const base32 = execFileSync('base32', ['-w0'], { input: secret, encoding: 'utf8' });
  const wide = Buffer.from(`x${secret}y`, 'utf16le').toString('latin1');
  const sql = `'${secret.replaceAll("'", "''")}'`;
  const command = Buffer.from(`$p = ${secret}`, 'utf16le').toString('base64');
  const without = secret.replaceAll('"', '');
  for (const one of [...shells, posix, told, base32, base32.toLowerCase(), sql, command]) {
    const shown = await text([secret, without], one);
    expect(one).toMatch(/canary|INAU4QKSLE|MAQQBOAEEA/i);
    expect(shown).toContain(MARK);
    expect(shown).not.toMatch(/CANARY|HOME|INAU4QKSLE|MAQQBOAEEA/i);
  }
  const { all } = await masked([secret], [Buffer.from(wide, 'latin1')]);
  expect(all.toString('latin1')).toBe(`x\0${MARK}y\0`);
});

test('the password in a URL is a secret of its own, as it stands there and decoded', async () => {
  const url = 'postgres://app:CANARY%2Fp%40ss@db1:5432/app?x=1';
  expect(await text([url], `${url} CANARY%2Fp%40ss CANARY/p@ss app db1`)).toBe(
    `${MARK} ${MARK} ${MARK} app db1`,
  );
  expect(await text(['redis://:CANARY%zz@h'], 'CANARY%zz h')).toBe(`${MARK} h`);
});

test('a key of several lines is found line by line, indented, and in Base64 that is broken into lines', async () => {
  const lines = ['MIIEvQIBADANBgkqCANARY1', 'hkiG9w0BAQEFAASCCANARY2'];
  const key = `-----BEGIN PRIVATE KEY-----\n${lines.join('\n')}\n-----END PRIVATE KEY-----\n`;
  const told = await text([key], `key: |\n  ${key.replaceAll('\n', '\r\n  ')}`);
  expect(told).not.toMatch(/CANARY|hkiG9/);
  expect(told).toContain('-----BEGIN PRIVATE KEY-----');
  expect(await text([key], key.trim())).toBe(MARK);
  const long = `CANARY ${'0123456789'.repeat(12)}`;
  for (const length of [64, 76]) {
    const broken = Buffer.from(`${long}\n`)
      .toString('base64')
      .replace(new RegExp(`.{${length}}`, 'g'), '$&\n');
    expect((await text([long], broken)).replaceAll(MARK, '').trim()).toBe('');
  }
});

test('masks nothing shorter than 4 characters, and needs memory for no more than the longest secret', async () => {
  expect(await text(['abc', '  x  ', ''], 'abc x')).toBe('abc x');
  const { all, waited } = await masked(['aaaa'], Array(2_000).fill(Buffer.from('a'.repeat(100))) as Buffer[]);
  expect(all.toString()).toBe(MARK);
  expect(Math.max(...waited)).toBeLessThan(50);
});
