import fc from 'fast-check';
import type { FileKind } from '../../src/client/scan/files.js';
import { entriesOf } from '../../src/client/scan/into-vault.js';
import { credentialsIn } from '../../src/client/scan/look.js';

/** Processor time of reading a text, in milliseconds; the least of three tries where it is much. */
function timeOf(text: string, kind: FileKind): number {
  const tries = Array.from({ length: 3 }, () => {
    const began = process.cpuUsage();
    credentialsIn('x', kind, text);
    return process.cpuUsage(began).user / 1_000;
  });
  return Math.min(...tries);
}

describe('no line and no file takes more time than its length', () => {
  const ENOUGH_MS = 15;
  const blank = fc.constantFrom(' ', '\t', '\u00a0', '\u2028', '\v');
  const sign = fc.constantFrom(
    '**',
    '_',
    '`',
    '|',
    ':',
    '=',
    '-',
    '#',
    '(',
    ')',
    'x',
    'A_',
    '"',
    '//',
    '[',
    '.',
  );
  const some = fc.array(fc.oneof(blank, sign), { minLength: 1, maxLength: 3 }).map(parts => parts.join(''));
  const head = fc.constantFrom(
    '',
    'Password',
    'Password:',
    '**Password',
    'API_KEY=',
    '# ',
    '|',
    'export ',
    '[',
    '> ',
  );
  const kinds = fc.constantFrom<FileKind>('markdown', 'env', 'text');

  /** Lines of a length that have one size together. */
  const lines = (length: number, begin: string, parts: string[], end: string) => {
    const line = [begin, ...parts.map(one => one.repeat(length / parts.length / one.length)), end].join('');
    return `${line}\n`.repeat(16_000 / length);
  };

  test('a few long lines are read as fast as many short ones', () => {
    const check = (kind: FileKind, begin: string, parts: string[], end: string) => {
      // Both are the least of five: what else the machine does is not measured.
      let [long, short] = [Infinity, Infinity];
      for (let tries = 0; tries < 5 && !(long <= ENOUGH_MS || long < 3 * short); tries++) {
        long = Math.min(long, timeOf(lines(4_000, begin, parts, end), kind));
        if (long > ENOUGH_MS) short = Math.min(short, timeOf(lines(500, begin, parts, end), kind));
      }
      if (long > ENOUGH_MS) expect(long).toBeLessThan(3 * short);
    };
    // What stood still once.
    check('text', 'Password:', [' '], 'y\u2028x');
    check('text', 'API_KEY=', [' ', '\u2028'], 'x');
    check('markdown', '| a |\n', [' ', '\t'], 'x|');
    fc.assert(fc.property(kinds, head, fc.array(some, { minLength: 1, maxLength: 3 }), some, check), {
      numRuns: 300,
    });
  });

  test.each<[string, FileKind, (size: number) => string]>([
    ['a variable of many words', 'env', size => `${'a_'.repeat(size / 2)}=x`],
    [
      'a table of many columns and rows',
      'markdown',
      size => {
        const columns = size / 400;
        const row = (cell: string) => `|${cell.repeat(columns)}\n`;
        return `${row('User|Password|')}${row('-|-|')}${'|x\n'.repeat(size / 8)}`;
      },
    ],
    ['headings of blanks', 'markdown', size => `# ${' '.repeat(230)}\u2028x\n`.repeat(size / 240)],
    ['comments of signs', 'env', size => `#x${'#'.repeat(235)}x\n`.repeat(size / 240)],
  ])('%s: four times as long takes about four times as long', (_name, kind, make) => {
    const long = timeOf(make(400_000), kind);
    if (long > 4 * ENOUGH_MS) expect(long).toBeLessThan(9 * timeOf(make(100_000), kind));
  });

  test('a line ends where Unicode says so', () => {
    expect(credentialsIn('x', 'markdown', '# A\u2028Password: CANARY 1\u2029User: x')).toMatchObject([
      { service: 'A', username: 'x', secrets: { password: 'CANARY 1' } },
    ]);
  });
});

test('names for many secrets that are called the same take time in proportion to them', () => {
  const timeFor = (count: number) => {
    const text = '# NAS\nUser: a\nPassword: CANARY same\n'.repeat(count);
    const findings = credentialsIn('x.md', 'markdown', text);
    expect(findings.length).toBe(count);
    const began = process.cpuUsage();
    const names = entriesOf(findings).map(([one]) => one?.name);
    const took = process.cpuUsage(began).user / 1_000;
    expect(new Set(names).size).toBe(count);
    expect(names.slice(0, 4)).toEqual([
      'NAS_PASSWORD',
      'NAS_A_PASSWORD',
      'NAS_A_PASSWORD_2',
      'NAS_A_PASSWORD_3',
    ]);
    return took;
  };
  const few = Math.min(timeFor(1_000), timeFor(1_000), timeFor(1_000));
  const many = Math.min(timeFor(10_000), timeFor(10_000), timeFor(10_000));
  expect(many / few).toBeLessThan(40);
});
