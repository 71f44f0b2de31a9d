import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { DECLARATIONS } from '../src/core/config/declarations.js';
import { blocksIn, linesOf } from './harness/document-lines.js';

/** Where who reads the project starts, and what these pages lead to. */
const PAGES = [
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'],
  ...readdirSync('docs')
    .filter(name => name.endsWith('.md'))
    .map(name => join('docs', name)),
];
const UNITS = ['docs/systemd/opskeep.service', 'docs/systemd/opskeep-backup.service'];
const text = (page: string) => readFileSync(page, 'utf8');

/** Lines for a shell that `test/client/readme.test.ts` does not run: how they begin, and what runs such lines. */
const RUN_ELSEWHERE: [begins: string, test: string][] = [
  ['npm ci && npm start', 'npm-start'],
  ['npm ci && npm test', 'runtimes'],
  ['npm run pack', 'package'],
  ["OPSKEEP_DATA=./data/tour OPSKEEP_ADMIN_PASSWORD='lantern orbit 42 velvet' npm start", 'npm-start'],
  ['export OPSKEEP_DATA=./data/demo', 'demo'],
  ['python3 -c "\nimport hvac', 'kv-clients'],
  ['export ANSIBLE_HASHI_VAULT_ADDR', 'kv-clients'],
  ['opskeep() { npm run --silent opskeep -- "$@"; }\n# Clients, credentials', 'migrate-from'],
  ['opskeep() { npm run --silent opskeep -- "$@"; }\n# From SQLite to MariaDB', 'backups/move'],
  ['opskeep() { npm run --silent opskeep -- "$@"; }\n# Everything, with', 'data-folders/commands'],
  ['opskeep() { npm run --silent opskeep -- "$@"; }\n# Reads and checks', 'data-folders/commands'],
  ["DATABASE_URL='mysql://opskeep:<password>", 'mariadb-migrations'],
  ['PUBLIC_URL=https://opskeep.example.com', 'settings'],
];

/** As GitHub makes them of a heading. */
function anchors(page: string): string[] {
  return [...text(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe('the documents', () => {
  test.each(PAGES)('%s leads to what is there', page => {
    const links = [...text(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
    const broken = links
      .filter(link => !/^https?:/.test(link))
      .filter(link => {
        const [path = '', anchor] = link.split('#');
        const target = path ? join(dirname(page), path) : page;
        return !existsSync(target) || (anchor !== undefined && !anchors(target).includes(anchor));
      });
    expect(broken).toEqual([]);
  });

  test('every line for a shell is run by a test', () => {
    const runs = text('test/client/readme.test.ts');
    const run = [...runs.matchAll(/linesOf\('([^']+)', '([^']+)'\)/g)].flatMap(
      ([, page = '', heading = '']) => linesOf(page, heading),
    );
    const left = PAGES.filter(page => page !== 'CONTRIBUTING.md')
      .flatMap(page => blocksIn(text(page)))
      .filter(lines => !run.includes(lines) || RUN_ELSEWHERE.some(([begins]) => lines.startsWith(begins)));
    const unknown = left.filter(lines => !RUN_ELSEWHERE.some(([begins]) => lines.startsWith(begins)));
    expect(unknown).toEqual([]);
    const needless = RUN_ELSEWHERE.filter(([begins]) => !left.some(lines => lines.startsWith(begins)));
    expect(needless).toEqual([]);
    expect(RUN_ELSEWHERE.filter(([, test]) => !existsSync(`test/${test}.test.ts`))).toEqual([]);
  });

  test('the README stays short, and leads to every page', () => {
    const readme = text('README.md');
    expect(readme.split('\n').length).toBeLessThanOrEqual(450);
    const others = PAGES.filter(page => page !== 'README.md');
    expect(others.filter(page => !readme.includes(`](${page})`))).toEqual([]);
  });

  test('SECURITY.md names tests that are there, for each protection', () => {
    const [, table = ''] = /\n\| who \|.*\n((?:\|.*\n)+)/.exec(text('SECURITY.md')) ?? [];
    const rows = table.trim().split('\n').slice(1);
    expect(rows.length).toBeGreaterThan(10);
    const named = rows.map(row =>
      [...(row.split('|').at(-2) ?? '').matchAll(/`([^`]+)`/g)].map(one => one[1]),
    );
    expect(named.filter(tests => tests.length === 0)).toEqual([]);
    expect(named.flat().filter(name => !existsSync(`test/${name}.test.ts`))).toEqual([]);
  });
});

test('the timer of systemd is accepted, and starts the unit of its name', () => {
  const folder = mkdtempSync(join(tmpdir(), 'opskeep-timer-'));
  try {
    for (const name of ['opskeep-backup.service', 'opskeep-backup.timer'])
      writeFileSync(
        join(folder, name),
        text(join('docs/systemd', name)).replace('/usr/local/bin/opskeep', process.execPath),
      );
    const timer = join(folder, 'opskeep-backup.timer');
    expect(execFileSync('systemd-analyze', ['verify', timer], { encoding: 'utf8', stdio: 'pipe' })).toBe('');
    const [, at = ''] = /^OnCalendar=(.*)$/m.exec(text('docs/systemd/opskeep-backup.timer')) ?? [];
    expect(execFileSync('systemd-analyze', ['calendar', at], { encoding: 'utf8' })).toContain('02:30:00');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

describe.each(UNITS)('the unit %s of systemd', UNIT => {
  test('is accepted by systemd-analyze, and scored as well guarded', () => {
    const folder = mkdtempSync(join(tmpdir(), 'opskeep-unit-'));
    try {
      const unit = join(folder, basename(UNIT));
      writeFileSync(unit, text(UNIT).replace('/usr/local/bin/opskeep', process.execPath));
      const analyze = (...args: string[]) =>
        execFileSync('systemd-analyze', [...args, unit], { encoding: 'utf8', stdio: 'pipe' });
      expect(analyze('verify')).toBe('');
      const [, exposure] =
        /Overall exposure level for \S+: (\d+\.\d)/.exec(analyze('security', '--offline=true')) ?? [];
      expect(Number(exposure)).toBeLessThan(2);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('sets settings that exist', () => {
    const names = [...text(UNIT).matchAll(/(?<=^Environment=.*?)\b([A-Z][A-Z_]+)=/gm)].map(
      one => one[1] as string,
    );
    expect(names.length).toBeGreaterThan(3);
    const isSetting = (name: string) => {
      const plain = name.replace(/_FILE$/, '') as keyof typeof DECLARATIONS;
      return plain === name ? plain in DECLARATIONS : DECLARATIONS[plain]?.file === true;
    };
    expect(names.filter(name => !isSetting(name))).toEqual([]);
  });
});
