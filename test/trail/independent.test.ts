import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SealKeys } from '../../src/core/audit/seals/seal-keys.js';
import { Sequencer } from '../../src/core/audit/seals/sequencer.js';
import { TrailExport } from '../../src/core/audit/seals/trail-export.js';
import { startApp, type TestApp } from '../app.js';

jest.setTimeout(120_000);

/** Where Debian's golang-golang-x-mod-dev is: sumdb/note and sumdb/tlog, nobody's here. */
const GOPATH = '/usr/share/gocode';
const SOURCE = join(process.cwd(), 'docs/verify-trail');
const missing = !existsSync('/usr/bin/go') || !existsSync(join(GOPATH, 'src/golang.org/x/mod/sumdb/tlog'));
const run = promisify(execFile);

let t: TestApp;
let folder: string;
let keys: string;
let exports = 0;

/** What the independent program says, or how it refuses. */
async function verifier(...args: string[]): Promise<string> {
  try {
    return (await run(join(folder, 'verify-trail'), args)).stdout;
  } catch (error) {
    return (error as { stderr: string }).stderr;
  }
}

/** A new export with so many more entries. */
async function exported(more: number): Promise<string> {
  if (more > 0) {
    const items = Array.from({ length: more }, (_, n) => ({ name: `Export ${exports} ${n}` }));
    expect((await t.http('POST', '/api/clients/bulk', { body: { items } })).status).toBe(200);
  }
  const path = join(folder, `export-${++exports}`);
  await t.app.get(TrailExport).write(path, () => undefined);
  return path;
}

(missing ? describe.skip : describe)('a program of others', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'opskeep-trail-'));
    const env = {
      PATH: process.env.PATH,
      HOME: folder,
      GOPATH,
      GO111MODULE: 'off',
      GOFLAGS: '',
      GOCACHE: join(folder, 'cache'),
    };
    const [, app] = await Promise.all([
      run('go', ['build', '-o', join(folder, 'verify-trail'), '.'], { cwd: SOURCE, env }),
      startApp(),
    ]); // prettier-ignore
    t = app;
    keys = join(folder, 'keys');
    writeFileSync(keys, (await t.app.get(SealKeys).verifierKeys()).join('\n'));
  });
  afterAll(async () => {
    await t?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('agrees on every entry, on what was kept from before, and on one entry alone', async () => {
    const before = await exported(300);
    expect(await verifier(keys, before)).toMatch(/^\d+ entries are as they were sealed; 0 checkpoints/);
    // More than 256 tiles of 256 are too many for a test; two levels are there.
    const after = await exported(500);
    expect(await verifier(keys, after, join(before, 'checkpoint'), join(after, 'checkpoint'))).toContain(
      '2 checkpoints from elsewhere are contained',
    );
    const [entry] = await t.sql<{ id: string; seq: number }>('SELECT id, seq FROM journal WHERE seq = 257');
    const answer = await t.http('GET', `/api/audit/entries/${entry?.id}/proof`);
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8');
    const proof = join(folder, 'one.tlog-proof');
    writeFileSync(proof, answer.text);
    expect(JSON.parse(await verifier('-proof', keys, proof))).toMatchObject({ seq: 257, id: entry?.id });
    const checkpoint = await t.http('GET', '/api/audit/checkpoint');
    expect(answer.text.endsWith(`\n\n${checkpoint.text}`)).toBe(true);
    const kept = join(folder, 'kept');
    writeFileSync(kept, checkpoint.text);
    expect(await verifier('-proof', keys, proof, kept)).toContain(entry?.id);
    // Of another entry, or in another place, it proves nothing.
    const lines = answer.text.split('\n');
    for (const [line, other] of [
      [1, `extra ${Buffer.from('{"seq":257}').toString('base64')}`],
      [2, 'index 255'],
      [3, lines[4] ?? ''],
    ] as const) {
      writeFileSync(proof, lines.map((one, at) => (at === line ? other : one)).join('\n'));
      expect(await verifier('-proof', keys, proof)).toContain('REFUSED');
    }
  });

  test('refuses an altered entry, a rolled-back and a split history, and keys of somebody else', async () => {
    const whole = await exported(0);
    const newest = readFileSync(join(whole, 'checkpoint'), 'utf8');
    const bundle = join(whole, 'tile/entries/000');
    const bytes = readFileSync(bundle);
    writeFileSync(bundle, Buffer.from(bytes.toString('latin1').replace('admin@', 'edmin@'), 'latin1'));
    expect(await verifier(keys, whole)).toContain('REFUSED: the entries are not those that were sealed');
    writeFileSync(bundle, bytes);
    expect(await verifier(keys, whole)).toContain('as they were sealed');

    // What an older copy of the database would export.
    const older = join(folder, 'export-1');
    const later = join(folder, 'later');
    writeFileSync(later, newest);
    expect(await verifier(keys, older, later)).toMatch(/REFUSED: .* cut or rolled back/);

    // A second history under the same key: what its holder could sign.
    const sequencer = t.app.get(Sequencer);
    await sequencer.sealNow();
    const root = Buffer.alloc(32, 1);
    const other = await t.app.get(SealKeys).sign({ size: 300, root });
    writeFileSync(later, other);
    expect(await verifier(keys, whole, later)).toMatch(/REFUSED: .* another history/);

    const strange = join(folder, 'strange');
    writeFileSync(strange, 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k');
    expect(await verifier(strange, whole)).toContain('REFUSED');
  });
});
