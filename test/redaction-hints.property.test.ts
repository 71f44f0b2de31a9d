import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { maskBlocks } from '../src/formats/redaction/blocks.js';
import { maskCommands } from '../src/formats/redaction/command-lines.js';
import { maskHeaders } from '../src/formats/redaction/headers.js';
import { maskNamed } from '../src/formats/redaction/named-values.js';
import { maskProse } from '../src/formats/redaction/prose.js';
import { maskTokens } from '../src/formats/redaction/token-shapes.js';

const MASKS = { maskBlocks, maskTokens, maskHeaders, maskCommands, maskNamed, maskProse };

/** A text in lower case that holds every word that is looked for: nothing is spared. */
const EVERYTHING = {
  includes: () => true,
  indexOf: () => 0,
  charAt: () => '',
  length: Infinity,
  toString: () => '1',
} as unknown as string;

/** How many of the texts each mask changed; fails where one is spared a text that it would change. */
function changedIn(texts: Iterable<string>): Record<string, number> {
  const changed: Record<string, number> = {};
  for (const text of texts)
    for (const [name, mask] of Object.entries(MASKS)) {
      const whole = mask(text, EVERYTHING);
      changed[name] = (changed[name] ?? 0) + Number(whole !== text);
      if (mask(text, text.toLowerCase()) !== whole) throw new Error(`${name} is spared: ${text}`);
    }
  return changed;
}

const folder = join(process.cwd(), 'src/formats/redaction');
const sources = readdirSync(folder)
  .filter(name => name.endsWith('.ts'))
  .map(name => readFileSync(join(folder, name), 'utf8'));
/** Every word that stands in a pattern, with what may follow it there; and what patterns put together. */
const WORDS = [
  ...new Set(sources.join('\n').match(/[A-Za-z0-9/_-]*[A-Za-z0-9]+(?:[_:=-](?![A-Za-z]))?/g)),
  ...[
    'conn_str',
    'connection-string',
    'recovery_code',
    'totp_seed',
    'logged in',
    'api key',
    'wi-fi key',
    'door code',
  ],
];

describe('a mask is spared a text without the words that its patterns begin with', () => {
  test('which changes nothing of what the tests of redaction plant', () => {
    const files = readdirSync('test').filter(name => /^(?:redaction.*\.test|sentences)\.ts$/.test(name));
    const lines = files.flatMap(name => readFileSync(join('test', name), 'utf8').split('\n'));
    const texts = lines.map(line =>
      line
        .replaceAll(/[⟦⟧]/g, '')
        .trim()
        .replace(/^(['"`])(.*)\1,?$/, '$2'),
    );
    const changed = changedIn(texts.flatMap(text => [text, text.toUpperCase(), text.toLowerCase()]));
    expect(texts.length).toBeGreaterThan(400);
    expect(Object.values(changed).every(count => count > 5)).toBe(true);
  });

  test('and nothing of the words of the patterns, however they stand beside secrets', () => {
    const secret = fc.constantFrom(
      'CANARY-a1B2c3!',
      'Wq8#kLm2vTz9',
      "'CANARY q7X'",
      '"aB3$dE5f"',
      '4711',
      'x',
    );
    const glue = fc.constantFrom(
      ' ',
      ' ',
      ' ',
      ': ',
      '=',
      ' -p',
      ' -P ',
      ' /p:',
      '@',
      '/',
      ':',
      '\t',
      '\n',
      ' is ',
      '\u212a',
      '%',
    );
    const word = fc.constantFrom(...WORDS);
    const part = fc.tuple(fc.oneof({ weight: 3, arbitrary: word }, { weight: 1, arbitrary: secret }), glue);
    const texts = fc.array(part, { minLength: 2, maxLength: 8 }).map(parts => parts.flat().join(''));
    const counted: string[] = [];
    fc.assert(
      fc.property(texts, text => {
        changedIn([text]);
        counted.push(text);
      }),
      { numRuns: 6_000 },
    );
    const { maskCommands: commands = 0, maskNamed: named = 0, maskProse: prose = 0 } = changedIn(counted);
    expect(Math.min(commands, named, prose)).toBeGreaterThan(5);
  });

  test('and nothing where each of them begins a line with a secret behind it', () => {
    const values = [
      '-p CANARY1x',
      '-pCANARY1x',
      '-P CANARY1x',
      '-hpCANARY1x',
      '-u a:CANARY1x',
      '-U a%CANARY1x',
      'a:CANARY1x@h',
    ];
    const more = [
      'a/CANARY1x@db',
      '-w CANARY1x',
      '-a CANARY1x',
      '/rp CANARY1x',
      '/p:CANARY1x',
      '-N CANARY1x',
      '-b f a CANARY1x',
    ];
    const said = [
      'CANARY1x',
      ': CANARY1x',
      '=CANARY1xQ9zB7yV4kT2mW',
      ' 7 CANARY1x',
      'is CANARY1x!9',
      '--value CANARY1x',
      'a CANARY1x',
    ];
    const texts = WORDS.flatMap(name => [...values, ...more, ...said].map(value => `${name} ${value}`));
    expect(changedIn(texts).maskCommands).toBeGreaterThan(200);
  });
});
