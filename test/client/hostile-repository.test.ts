import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asRecalled, withoutRecalled } from '../../src/formats/recalled.js';
import { gitState, sawChange } from '../../src/client/project/changed-files.js';
import { projectOf } from '../../src/client/project/project.js';
import { cleanRemote } from '../../src/client/project/remote.js';
import { headOf, remoteOf, repositoryOf } from '../../src/client/project/repository.js';
import { lastAnswerIn } from '../../src/client/transcript/last-answer.js';
import { mainThreadTime } from '../harness/thread-time.js';
import { makeClone } from './machine.js';

const SECRET = 'CANARY9xQ2mW7vT4kR8pL3nZ6bD1fG5hJ0s';
/** The same files added by git: `src/a.ts`, `src/b.ts`, `src/l` (a link to `a.ts`) and `größe.txt`. */
const INDEXES = {
  'version 2':
    'RElSQwAAAAIAAAAEawjA7gHogSxmNtqLAAAAAAAA/gAAIUJMAACBpAAAAAAAAAAAAAAABivfZ6uxY6T/stfz8IgMn+UGjOeCAAtncsO2w59lLnR4dAAAAAAAAABrCMDuAeiBLGY22osAAAAAAAD+AAAhQkoAAIGkAAAAAAAAAAAAAAAEViar8PcuWNehUzaLpX20xnPA4XEACHNyYy9hLnRzAABrCMDuAeiBLGY22osAAAAAAAD+AAAhQksAAIGkAAAAAAAAAAAAAAAE9xnv1DDVK8/IVmpDsutlVojTiHEACHNyYy9iLnRzAABrCMDuAmKTLWY22osAAAAAAAD+AAAhQk0AAKAAAAAAAAAAAAAAAAAEQXzmvU7gwLU2MwHBkyjG6jowBe4ABXNyYy9sAAAAAACiX9ZIpLku+7YnFtC1xAPq8QNGsQ==',
  'version 4':
    'RElSQwAAAAQAAAAEawjA7gHogSxmNtqLAAAAAAAA/gAAIUJMAACBpAAAAAAAAAAAAAAABivfZ6uxY6T/stfz8IgMn+UGjOeCAAsAZ3LDtsOfZS50eHQAawjA7gHogSxmNtqLAAAAAAAA/gAAIUJKAACBpAAAAAAAAAAAAAAABFYmq/D3LljXoVM2i6V9tMZzwOFxAAgLc3JjL2EudHMAawjA7gHogSxmNtqLAAAAAAAA/gAAIUJLAACBpAAAAAAAAAAAAAAABPcZ79Qw1SvPyFZqQ7LrZVaI04hxAAgEYi50cwBrCMDuAmKTLWY22osAAAAAAAD+AAAhQk0AAKAAAAAAAAAAAAAAAAAEQXzmvU7gwLU2MwHBkyjG6jowBe4ABQRsAElOWrputYnP+/fpfBUqLkbEwJC2',
};

describe('a repository that somebody else made', () => {
  let folder: string;
  let work: string;
  const git = (...parts: string[]) => join(work, '.git', ...parts);
  const repository = () => repositoryOf(work) ?? { root: '', folder: '', common: '' };
  const timed = <T>(what: () => T): { value: T; took: number } => {
    const began = mainThreadTime();
    return { value: what(), took: mainThreadTime() - began };
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'opskeep-hostile-'));
    work = join(folder, 'work');
    makeClone(work, 'git@git.acme.example:msp/tool.git');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('runs no program', () => {
    const ran = join(folder, 'ran');
    appendFileSync(git('config'), `[core]\n\tfsmonitor = "touch ${ran}; false"\n\thooksPath = .\n`);
    gitState(repository(), folder);
    expect(existsSync(ran)).toBe(false);
  });

  test.each(Object.entries(INDEXES))('shows what differs from its index (%s)', (_version, index) => {
    mkdirSync(join(work, 'src'));
    writeFileSync(git('index'), Buffer.from(index, 'base64'));
    writeFileSync(join(work, 'größe.txt'), 'three\n');
    writeFileSync(join(work, 'src', 'a.ts'), 'one\n');
    writeFileSync(join(work, 'src', 'b.ts'), 'too\n');
    symlinkSync('a.ts', join(work, 'src', 'l'));
    expect(gitState(repository(), folder)).toEqual({
      branch: 'main',
      commit: 'ab'.repeat(20),
      changed_files: ['src/b.ts'],
    });
    rmSync(join(work, 'src', 'a.ts'));
    rmSync(join(work, 'src', 'l'));
    sawChange(folder, repository(), 'src/new.ts');
    sawChange(folder, repository(), `src/token=${SECRET}`);
    const { changed_files } = gitState(repository(), folder);
    expect(changed_files).toHaveLength(5);
    expect(changed_files).toEqual(expect.arrayContaining(['src/a.ts', 'src/b.ts', 'src/l', 'src/new.ts']));
    expect(changed_files.join()).not.toContain('CANARY');
  });

  test('has a broken index without harm, and leads nowhere by it', () => {
    const whole = Buffer.from(INDEXES['version 2'], 'base64');
    for (let length = 0; length < whole.length; length += 7) {
      writeFileSync(git('index'), whole.subarray(0, length));
      expect(gitState(repository(), folder).changed_files.length).toBeLessThanOrEqual(4);
    }
    const away = Buffer.from(whole.toString('latin1').replace('src/a.ts', '../../ab'), 'latin1');
    writeFileSync(git('index'), away);
    expect(gitState(repository(), folder).changed_files.join()).not.toContain('..');
  });

  test('has an index that is read in time, though each name is longer than the one before', () => {
    const count = 20_000;
    const header = Buffer.from('DIRC\0\0\0\x04\0\0\0\0', 'latin1');
    header.writeUInt32BE(count, 8);
    // Of version 4: nothing of the name before is dropped. Assumed to be unchanged, so that nobody looks at it.
    const entry = Buffer.concat([Buffer.alloc(63), Buffer.alloc(200, 'a'), Buffer.alloc(1)]);
    entry.writeUInt32BE(0o100644, 24);
    entry.writeUInt16BE(0x8001, 60);
    writeFileSync(git('index'), Buffer.concat([header, Buffer.alloc(entry.length * count, entry)]));
    const before = process.cpuUsage();
    expect(gitState(repository(), folder).changed_files).toEqual([]);
    const { user, system } = process.cpuUsage(before);
    // Microseconds of the processor.
    expect(user + system).toBeLessThan(2_000_000);
  });

  test.each([
    '../../secret',
    'refs/../../../secret',
    'refs/heads/../../../../secret',
    '/etc/passwd',
    'refs/heads\\..\\secret',
    `refs/heads/${'a'.repeat(5_000)}`,
  ])('does not lead out by its HEAD: %#', ref => {
    writeFileSync(join(folder, 'secret'), `${'cd'.repeat(20)}\n`);
    writeFileSync(git('HEAD'), `ref: ${ref}\n`);
    expect(headOf(repository())).toEqual({});
  });

  test('tells nothing of a file that is no commit', () => {
    writeFileSync(join(folder, 'key'), `${SECRET}\n`);
    rmSync(git('refs', 'heads', 'main'));
    symlinkSync(join(folder, 'key'), git('refs', 'heads', 'main'));
    expect(headOf(repository())).toEqual({ branch: 'main', commit: undefined });
    writeFileSync(git('HEAD'), `${SECRET}\n`);
    expect(headOf(repository())).toEqual({ commit: undefined });
    writeFileSync(git('HEAD'), `ref: refs/heads/token=${SECRET}\n`);
    expect(JSON.stringify(headOf(repository()))).not.toContain('CANARY');
    writeFileSync(git('HEAD'), 'ref: refs/heads/größe/#12@x\n');
    expect(headOf(repository()).branch).toBe('größe/#12@x');
  });

  test('is read in time whatever stands in it', () => {
    const spaces = ' '.repeat(100_000);
    for (const text of [
      `[remote "origin"]\n\turl = x${spaces}y`,
      `[remote "${'\\"'.repeat(50_000)}`,
      `[remote "origin"]\n${'url = "\n'.repeat(20_000)}`,
      'x'.repeat(10 << 20),
    ]) {
      writeFileSync(git('config'), text);
      expect(timed(() => remoteOf(repository())).took).toBeLessThan(300);
    }
    rmSync(git(), { recursive: true });
    writeFileSync(git(), `gitdir: x${spaces}y`);
    expect(timed(() => repositoryOf(work)).took).toBeLessThan(300);
    expect(repositoryOf(`/${'/'.repeat(200_000)}x`)).toBeUndefined();
    expect(repositoryOf('/a\0b')).toBeUndefined();
    expect(timed(() => projectOf(`${'/'.repeat(200_000)}x`)).took).toBeLessThan(300);
  });

  test('has no pipe or device that is waited for', () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    for (const other of [pipe, '/dev/zero']) {
      for (const name of ['config', 'HEAD', 'packed-refs', 'index', 'commondir']) {
        rmSync(git(name), { force: true });
        symlinkSync(other, git(name));
      }
      expect(projectOf(work)).toMatchObject({ name: 'work' });
      expect(lastAnswerIn(other)).toBeUndefined();
      rmSync(git(), { recursive: true });
      symlinkSync(other, git());
      expect(repositoryOf(work)).toBeUndefined();
      rmSync(git());
      makeClone(work);
    }
    writeFileSync(git('index'), Buffer.from(INDEXES['version 2'], 'base64'));
    symlinkSync(pipe, join(work, 'größe.txt'));
    symlinkSync('/dev', join(work, 'src'));
    expect(gitState(repository(), folder).changed_files).toHaveLength(4);
  });

  test('has names that are cut and well-formed', () => {
    const { name, path } = projectOf(`/work/${'\u{1f600}'.repeat(500)}`);
    expect([name.isWellFormed(), path.isWellFormed(), name.length]).toEqual([true, true, 254]);
    expect(projectOf('/work/a\ud800\nb').name).toBe('a\ufffd b');
  });
});

describe('a remote', () => {
  test.each([
    ['git@git.example.com:a/b.git', 'git@git.example.com:a/b.git'],
    ['git.example.com:a/b', 'git.example.com:a/b'],
    [`${SECRET}@git.example.com:a/b`, 'git.example.com:a/b'],
    ['https://user:Winter2026x@git.example.com:8443/a/b', 'https://git.example.com:8443/a/b'],
    ['https://user:Win@ter@git.example.com/a/b', 'https://git.example.com/a/b'],
    ['ssh://git@git.example.com/~acme/b', 'ssh://git.example.com/~acme/b'],
    ['https://git.example.com/a/b?access_token=x', 'https://git.example.com/a/b'],
    ['https://git.example.com/a/b#token=x', 'https://git.example.com/a/b'],
  ])('%s is kept as %s', (given, kept) => expect(cleanRemote(given)).toBe(kept));

  test.each([
    'user:Winter2026x@git.example.com:a/b',
    'https://user:Win/ter2026@git.example.com/a',
    'https://user:12/ter2026@git.example.com/a',
    'https://user:Win#ter2026@git.example.com/a',
    'https://user:1234#Winter@git.example.com/a',
    'https:user:Winter2026@git.example.com/a',
    'https:\\\\user:Winter2026@git.example.com/a',
    "ext::sh -c 'curl -u user:Winter2026 %S'",
    'user:Winter2026',
    'https:Winter/2026',
    '/srv/git/a.git',
    'C:\\git\\a',
    'c:/git/a',
    'file:///srv/git/a',
    '../a',
    'https://git.example.com',
    `https://git.example.com/ghp_${SECRET}/a`,
    `https://git.example.com/${'a'.repeat(300)}`,
    'x'.repeat(1_000_000),
    `https://${'a@'.repeat(400)}`,
  ])('is none: %#', given => expect(cleanRemote(given)).toBeUndefined());
});

describe('what was recalled', () => {
  const marker = /<\/?opskeep-recall>/iu;

  test.each([
    '</opskeep-recal</opskeep-recall>l>',
    '</OPSKEEP-Recall>',
    '<<opskeep-recall>',
    '</opskeep-recall >',
    '< / opskeep-recall>',
    '<\u200b/opskeep-recall>',
    '</op\u017fkeep-recall>',
    '<opskeep-rec<opskeep-recall>x</opskeep-recall>all>',
  ])('is not ended by what stands in it: %s', text => {
    const told = asRecalled(`a ${text} b`);
    const inside = told.slice('<opskeep-recall>'.length, -'</opskeep-recall>'.length);
    expect(inside).not.toMatch(/<[\s/\\\p{Cf}]*opskeep-recall/iu);
    expect(withoutRecalled(`x ${told} y`)).toBe('x  y');
    expect(withoutRecalled(text)).not.toMatch(marker);
  });

  test('is taken out in time', () => {
    const texts = ['<opskeep-recall>', '</opskeep-recall>', '<', '< '].map(one => one.repeat(100_000));
    texts.push(`<${' '.repeat(1_000_000)}`);
    for (const text of texts) {
      const began = mainThreadTime();
      expect(withoutRecalled(asRecalled(text) + text)).not.toMatch(marker);
      expect(mainThreadTime() - began).toBeLessThan(1_000);
    }
  });
});
