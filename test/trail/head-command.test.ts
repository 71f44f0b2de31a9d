import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HeadCommand } from '../../src/core/audit/seals/head-command.js';
import { SealKeys } from '../../src/core/audit/seals/seal-keys.js';
import { Sequencer } from '../../src/core/audit/seals/sequencer.js';
import { startApp } from '../app.js';

const folder = mkdtempSync(join(tmpdir(), 'opskeep-head-'));
/** A program that keeps what it is given, with its environment. */
function keeper(name: string, more = ''): { command: string[]; kept: () => string } {
  const [script, file] = [join(folder, `${name}.mjs`), join(folder, `${name}.kept`)];
  writeFileSync(
    script,
    `import { appendFileSync, readFileSync } from 'node:fs';
     appendFileSync(${JSON.stringify(file)}, readFileSync(0, 'utf8') + JSON.stringify(process.env) + '\\n'); ${more}`,
  );
  return { command: [process.execPath, script], kept: () => (existsSync(file) ? readFileSync(file, 'utf8') : '') };
} // prettier-ignore

test('a stop hands the newest checkpoint to AUDIT_HEAD_COMMAND, once, and none of the settings', async () => {
  const { command, kept } = keeper('whole');
  process.env.JWT_SECRET_KEY_FILE = 'CANARY';
  const t = await startApp({ settings: { AUDIT_HEAD_COMMAND: command.join(' ') } });
  try {
    for (let count = 0; count < 2; count++) {
      await t.make('clients');
      await t.app.get(Sequencer).sealNow();
    }
    expect(kept()).toBe('');
    await t.app.get(Sequencer).onApplicationShutdown();
    const [size] = await t.sql<{ size: number }>('SELECT size FROM audit_head');
    const [note, environment] = kept().split('{');
    expect(await t.app.get(SealKeys).open(note!)).toMatchObject({ size: Number(size?.size) });
    expect(environment).toContain('PATH');
    expect(environment).not.toContain('CANARY');
    await t.app.get(Sequencer).onApplicationShutdown();
    expect(kept().split('— opskeep')).toHaveLength(2);
  } finally {
    delete process.env.JWT_SECRET_KEY_FILE;
    await t.close();
  }
});

test.each([
  ['fails', keeper('failing', "console.error('CANARY'); process.exit(7)").command, /has failed with exit code 7$/],
  ['does not read', [process.execPath, '-e', 'process.exit(3)'], /has failed with exit code 3$/],
  ['is not there', [join(folder, 'nothing')], /nothing cannot be started \(ENOENT\)$/],
])('a program that %s is told of, without what it printed, and the trail goes on', async (_, command, says) => {
  const errors: unknown[] = [];
  const head = new HeadCommand(command, error => errors.push(error));
  head.take(`${'x'.repeat(100_000)}\n`);
  await expect(head.end()).resolves.toBeUndefined();
  expect(String(errors[0])).toMatch(says);
  expect(errors.length).toBe(1);
}); // prettier-ignore
