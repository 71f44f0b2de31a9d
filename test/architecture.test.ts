import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
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

/** What no lint tool says; the rest is in eslint.config.mjs and .dependency-cruiser.cjs. */
describe('the house', () => {
  const isTest = ({ path }: File) => path.startsWith('test/') || path.endsWith('.spec.ts');
  const all = ['src', 'migrations', 'test', 'bench', 'scripts', 'lint'].flatMap(filesOf);
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
    const odd = code.filter(one => /(^|[/.-])(utils?|helpers?|common|misc|index)([/.-])/.test(one.path));
    expect(odd.map(one => one.path)).toEqual(['migrations/index.ts', 'migrations/keystore/index.ts']);
  });

  it('tells every setting in the README', () => {
    const text = readFileSync(join(ROOT, 'README.md'), 'utf8');
    const told = (name: string) => new RegExp(`^\\|[^|\\n]*\`${name}\``, 'm').test(text);
    expect(Object.keys(DECLARATIONS).filter(name => !told(name))).toEqual([]);
  });
});
