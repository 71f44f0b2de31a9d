import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import { migrations } from '../migrations/index.js';
import { DECLARATIONS } from '../src/core/config/declarations.js';

const ROOT = process.cwd();
const CODE = /\.(ts|mts|mjs|cjs)$/;

interface File {
  path: string;
  lines: string[];
}

function filesOf(folder: string): File[] {
  if (!existsSync(join(ROOT, folder))) return [];
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter(path => CODE.test(path) && !path.includes('node_modules'))
    .map(path => {
      const text = readFileSync(join(ROOT, folder, path), 'utf8');
      return { path: `${folder}/${path}`, lines: text.replace(/\n$/, '').split('\n') };
    });
}

interface Side {
  path?: string | string[];
  pathNot?: string | string[];
}

/** A pattern with groups of alternatives as the patterns that it stands for, which have none. */
function alternatives(pattern: string): string[] {
  const group = /\(([^()]*)\)/.exec(pattern);
  if (!group) return pattern.split('|');
  const [whole, inside = ''] = group;
  return inside.split('|').flatMap(one => alternatives(pattern.replace(whole, one)));
}

/** What no lint tool says; the rest is in eslint.config.mjs and .dependency-cruiser.cjs. */
describe('the house', () => {
  const isTest = ({ path }: File) => path.startsWith('test/') || path.endsWith('.spec.ts');
  const all = ['src', 'migrations', 'test', 'bench', 'scripts', 'lint', 'sdk/src']
    .flatMap(filesOf)
    .filter(one => one.path !== 'sdk/src/schema.d.ts');
  const code = all.filter(one => !isTest(one) && /^(src|migrations)\//.test(one.path));

  it('is read', () => {
    expect(code.length).toBeGreaterThan(100);
    expect(all.filter(isTest).length).toBeGreaterThan(5);
  });

  it('has no long file', () => {
    const long = all.filter(one => one.lines.length > (isTest(one) ? 400 : 300));
    expect(long.map(one => `${one.path}: ${one.lines.length} lines`)).toEqual([]);
  });

  it('has short files', () => {
    const lengths = code.map(one => one.lines.length).sort((a, b) => a - b);
    const at = (part: number) => lengths[Math.floor(lengths.length * part)] ?? 0;
    expect(at(0.5)).toBeLessThanOrEqual(60);
    expect(at(0.95)).toBeLessThanOrEqual(150);
  });

  it('puts nothing off', () => {
    // Spelled so that this file does not find itself.
    const put = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX', 'HA' + 'CK'].join('|')})\\b`);
    const found = all.flatMap(({ path, lines }) =>
      lines.flatMap((line, index) => (put.test(line) ? [`${path}:${index + 1}`] : [])),
    );
    expect(found).toEqual([]);
  });

  it('has no room for odds and ends', () => {
    // A file that is called `index` alone is a barrel; others may be about one.
    const odd = code.filter(one => /(^|[/.-])(utils?|helpers?|common|misc)([/.-])|\/index\./.test(one.path));
    expect(odd.map(one => one.path)).toEqual(['migrations/index.ts', 'migrations/keystore/index.ts']);
  });

  it('brings text into a normal form in one place, where that takes no square of its length', () => {
    const calls = code.filter(({ path, lines }) => {
      return path.startsWith('src/') && /\.normalize\(|localeCompare/.test(lines.join('\n'));
    });
    expect(calls.map(one => one.path)).toEqual(['src/formats/normalized.ts']);
  });

  it('has its migrations in order', () => {
    const names = migrations.map(one => one.name);
    const numbers = names.map(one => Number(/\d{13}$/.exec(one)?.[0]));
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
  });

  it('tells every setting in docs/server.md', () => {
    const text = readFileSync(join(ROOT, 'docs/server.md'), 'utf8');
    const told = (name: string) => new RegExp(`^\\|[^|\\n]*\`${name}\``, 'm').test(text);
    expect(Object.keys(DECLARATIONS).filter(name => !told(name))).toEqual([]);
  });

  it('names no document that is not there', () => {
    const missing = all.flatMap(({ path, lines }) =>
      // What a text of the code is about may be any file; what a comment sends its reader to is there.
      (
        lines
          .filter(one => /^\s*(\/\/|\/?\*|#)/.test(one))
          .join('\n')
          .match(/[\w./-]+\.md\b/g) ?? []
      )
        .filter(name => !existsSync(join(ROOT, name)) && !existsSync(join(ROOT, dirname(path), name)))
        .map(name => `${path}: ${name}`),
    );
    expect(missing).toEqual([]);
  });

  it('names no file that is not there in what is written for people', () => {
    const pages = readdirSync(join(ROOT, 'docs')).filter(name => name.endsWith('.md'));
    const documents = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', ...pages.map(name => `docs/${name}`)];
    const missing = documents.flatMap(document => {
      const text = readFileSync(join(ROOT, document), 'utf8');
      const names = [...text.matchAll(/`([\w./-]+\.ts)`/g)].map(([, name = '']) => name);
      const missing = names.filter(name => !all.some(({ path }) => `/${path}`.endsWith(`/${name}`)));
      return missing.map(name => `${document}: ${name}`);
    });
    // The pattern of names of migrations.
    expect(missing).toEqual(['CONTRIBUTING.md: migrations/NNNN-what.ts']);
  });

  it('is what the rules of its imports speak of, room by room', () => {
    const require = createRequire(join(ROOT, 'package.json'));
    const { forbidden } = require('./.dependency-cruiser.cjs') as { forbidden: { from: Side; to: Side }[] };
    const patterns = forbidden
      .flatMap(({ from, to }) => [from.path, from.pathNot, to.path, to.pathNot])
      .flatMap(one => one ?? [])
      .filter(one => !/node_modules|\$1/.test(one))
      .flatMap(alternatives)
      .filter(one => !isBuiltin(one.replaceAll(/[$^]/g, '')));
    const unknown = patterns.filter(one => !all.some(({ path }) => new RegExp(one).test(path)));
    expect([...new Set(unknown)]).toEqual([]);
    const rooms = ['src', 'src/core', 'src/client'].flatMap(folder =>
      readdirSync(join(ROOT, folder), { withFileTypes: true })
        .filter(one => one.isDirectory())
        .map(one => `^${folder}/${one.name}/`),
    );
    expect(rooms.length).toBeGreaterThan(15);
    expect(rooms.filter(one => !patterns.includes(one))).toEqual([]);
  });

  it('is what the lint speaks of', () => {
    const text = readFileSync(join(ROOT, 'eslint.config.mjs'), 'utf8');
    const named = [...text.matchAll(/'((?:src|migrations|test|bench|scripts|lint)\/[^'*]*)/g)].map(
      ([, path = '']) => path,
    );
    expect(named.length).toBeGreaterThan(10);
    const output = readFileSync(join(ROOT, '.gitignore'), 'utf8').split('\n');
    const missing = named.filter(path => !all.some(one => one.path.startsWith(path)));
    expect(missing.filter(path => !output.includes(path))).toEqual([]);
  });
});
