import { openCheckpoint, readHead, signCheckpoint } from '../../src/formats/trail/checkpoint.js';
import { publicKeyOf } from '../../src/formats/trail/ed25519.js';
import { EMPTY_ROOT } from '../../src/formats/trail/merkle.js';
import { openNote, parseVerifierKey, signNote, verifierKey } from '../../src/formats/trail/signed-note.js';

/** The example of C2SP signed-note. */
const KEY = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k';
const NOTE =
  'This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n';

const seed = Buffer.alloc(32, 7);
const publicKey = publicKeyOf(seed);
const origin = 'opskeep/0198';
const head = { size: 3, root: EMPTY_ROOT };

test('the example of the specification is verified, and nothing near it', () => {
  const verifier = parseVerifierKey(KEY);
  expect(verifierKey(verifier)).toBe(KEY);
  expect(openNote(NOTE, [verifier])).toBe('This is an example message.\n');
  const other = '— somebody.else/key AAAAAAAA\n';
  expect(openNote(NOTE + other, [{ name: 'a', publicKey }, verifier])).toBe('This is an example message.\n');
  for (const bad of [
    NOTE.replace('example message', 'Example message'),
    NOTE.replace('yaQM=', 'yaQN='),
    NOTE.replace('example.com/foo', 'example.com/bar'),
    NOTE.replace('\n\n', '\n'),
    NOTE.slice(0, -1),
    NOTE.replace('message', 'mess\tage'),
    `${NOTE}\n`,
    `${NOTE}no signature\n`,
    '',
    '\n\n',
    'x'.repeat(300_000),
  ])
    expect(() => openNote(bad, [verifier])).toThrow();
  expect(() => openNote(NOTE, [])).toThrow('No key that is known');
  for (const bad of ['', KEY.slice(0, -1), KEY.replace('530d', '530e'), KEY.replace('Aeky', 'Beky')])
    expect(() => parseVerifierKey(bad)).toThrow('not a verifier key');
});

test('RFC 8032: the public key and the signature of its first vector', () => {
  const secret = Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex');
  expect(publicKeyOf(secret).toString('hex')).toBe(
    'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
  );
});

test('a checkpoint is opened by the keys of its origin alone, and read strictly', () => {
  const note = signCheckpoint(origin, head, seed);
  expect(note.split('\n').slice(0, 4)).toEqual([origin, '3', EMPTY_ROOT.toString('base64'), '']);
  const other = publicKeyOf(Buffer.alloc(32, 8));
  expect(openCheckpoint(note, origin, [other, publicKey])).toEqual(head);
  expect(() => openCheckpoint(note, origin, [other])).toThrow('No key');
  expect(() => openCheckpoint(note, 'opskeep/other', [publicKey])).toThrow('No key');
  const disguised = signNote(`opskeep/other\n3\n${EMPTY_ROOT.toString('base64')}\n`, origin, seed);
  expect(() => openCheckpoint(disguised, origin, [publicKey])).toThrow('another log');
  for (const size of ['-1', '03', '3.0', '1e3', '', ' 3', '9007199254740993'])
    expect(() => readHead(`${origin}\n${size}\n${EMPTY_ROOT.toString('base64')}\n`)).toThrow('checkpoint');
  for (const root of ['', 'AAAA', EMPTY_ROOT.toString('hex'), `${EMPTY_ROOT.toString('base64')} `])
    expect(() => readHead(`${origin}\n3\n${root}\n`)).toThrow('checkpoint');
  expect(() => readHead(`${origin}\n3\n${EMPTY_ROOT.toString('base64')}`)).toThrow('checkpoint');
});
