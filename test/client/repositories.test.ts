import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gitState } from '../../src/client/project/changed-files.js';
import { projectOf, workIn } from '../../src/client/project/project.js';

const REMOTE = 'git@git.acme.example:msp/acme-firewall.git';

/** What git itself lays down. */
describe('the project of', () => {
  let folder: string;
  const git = (where: string, ...args: string[]) =>
    execFileSync(
      'git',
      ['-c', 'protocol.file.allow=always', '-c', 'user.name=a', '-c', 'user.email=a@b', ...args],
      {
        cwd: join(folder, where),
        env: { PATH: process.env.PATH, HOME: folder, GIT_CONFIG_NOSYSTEM: '1' },
        stdio: ['ignore', 'pipe', 'ignore'],
        encoding: 'utf8',
      },
    ).trim();
  const of = (where: string) => {
    const { name, remote } = projectOf(join(folder, where));
    return { name, remote };
  };
  /** A repository with a commit. */
  const make = (where: string, remote?: string) => {
    mkdirSync(join(folder, where), { recursive: true });
    git(where, 'init', '-q', '-b', 'main');
    writeFileSync(join(folder, where, 'a.ts'), 'one\n');
    git(where, 'add', '.');
    git(where, 'commit', '-qm', 'One');
    if (remote) git(where, 'remote', 'add', 'origin', remote);
  };

  beforeEach(() => (folder = realpathSync(mkdtempSync(join(tmpdir(), 'opskeep-git-')))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('a working tree beside the first is that of the first, with a branch of its own', () => {
    make('acme', REMOTE);
    git('acme', 'worktree', 'add', '-q', '-b', 'fix/größe', '../elsewhere/tree');
    mkdirSync(join(folder, 'elsewhere/tree/src'));
    writeFileSync(join(folder, 'elsewhere/tree/a.ts'), 'another\n');
    expect(of('elsewhere/tree/src')).toEqual({ name: 'acme', remote: REMOTE });
    const { repository } = workIn(join(folder, 'elsewhere/tree'));
    expect(repository && gitState(repository, folder)).toEqual({
      branch: 'fix/größe',
      commit: git('acme', 'rev-parse', 'HEAD'),
      changed_files: ['a.ts'],
    });
  });

  test('a submodule is its own, not that of what it is in', () => {
    make('tool');
    make('acme', REMOTE);
    git('acme', 'submodule', '--quiet', 'add', join(folder, 'tool'), 'modules/tool');
    expect(of('acme/modules/tool')).toEqual({ name: 'tool', remote: undefined });
    git('acme/modules/tool', 'remote', 'set-url', 'origin', 'https://git.acme.example/msp/tool');
    expect(of('acme/modules/tool')).toEqual({ name: 'tool', remote: 'https://git.acme.example/msp/tool' });
    expect(of('acme/modules')).toEqual({ name: 'acme', remote: REMOTE });
    const { repository } = workIn(join(folder, 'acme/modules/tool'));
    expect(repository && gitState(repository, folder).commit).toBe(git('tool', 'rev-parse', 'HEAD'));
  });

  test('a bare repository is that of all its working trees', () => {
    make('origin');
    mkdirSync(join(folder, 'ferry'));
    git('ferry', 'clone', '-q', '--bare', '../origin', '.bare');
    writeFileSync(join(folder, 'ferry/.git'), 'gitdir: ./.bare\n');
    git('ferry', 'worktree', 'add', '-q', 'main-tree', 'main');
    expect(of('ferry/main-tree').name).toBe('ferry');
    expect(of('ferry').name).toBe('ferry');
    git('.', 'clone', '-q', '--bare', 'origin', 'crane.git');
    git('crane.git', 'worktree', 'add', '-q', '../work/left', 'main');
    expect(of('work/left').name).toBe('crane');
  });

  test('a file that names no repository is that of the folder', () => {
    mkdirSync(join(folder, 'lost/src'), { recursive: true });
    for (const text of ['gitdir: ../nowhere\n', 'gitdir:', '', '\0', 'gitdir: ../lost\n']) {
      writeFileSync(join(folder, 'lost/.git'), text);
      expect(of('lost')).toEqual({ name: 'lost', remote: undefined });
    }
  });

  test.each([
    ['C:\\Users\\Jürgen\\acme-firewall', 'acme-firewall'],
    ['\\\\fileserver\\projects\\Größe', 'Größe'],
    ['C:\\', 'root'],
    ['C:/Users/Jürgen/work', 'work'],
  ])('%s is called %s, and no folder of this machine', (path, name) => {
    make('here', REMOTE);
    const before = process.cwd();
    process.chdir(join(folder, 'here'));
    try {
      expect(workIn(path)).toEqual({ project: { name, remote: undefined, path }, repository: undefined });
    } finally {
      process.chdir(before);
    }
  });
});
