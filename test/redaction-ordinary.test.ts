import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { redact } from '../src/formats/redaction/redact.js';
import { generated } from '../bench/recall/set/generate.mjs';

/** Of so many texts without a secret. */
const MOST = 0.01;
const LINES = 4_000;

const hex = (bytes: number) => randomBytes(bytes).toString('hex');
const base64 = (bytes: number) => randomBytes(bytes).toString('base64');
const number = (below: number) => randomBytes(4).readUInt32BE() % below;
const word = () => ['fw', 'dc01', 'backup', 'sql', 'nas', 'print', 'hv03', 'mail'][number(8)] ?? 'x';

/** What stands in technical text beside words, and looks as random as a secret. */
const ORDINARY: (() => string)[] = [
  () => `commit ${hex(20)} (HEAD -> main, origin/main)`,
  () => `sha256sum: ${createHash('sha256').update(hex(8)).digest('hex')}  image-${number(99)}.iso`,
  () => `"integrity": "sha512-${base64(64)}"`,
  () => `GET /api/clients/${randomUUID()} 200 ${number(900)} ms request_id=${randomUUID()}`,
  () => `![diagram](data:image/png;base64,${base64(300)})`,
  () => `C:\\Program Files\\Vendor\\${word()}\\bin\\x64\\agent-${number(20)}.${number(20)}.exe`,
  () => `/var/lib/docker/overlay2/${hex(32)}/merged/usr/share/${word()}`,
  () => `docker.io/library/postgres@sha256:${hex(32)}`,
  () => `Container ${hex(6)} exited with code ${number(255)}`,
  () => `arp: 10.${number(250)}.${number(250)}.${number(250)} at ${hex(6).match(/../g)?.join(':')}`,
  () => `fe80::${hex(2)}:${hex(2)}:${hex(2)}:${hex(2)}%eth0`,
  () => `SerialNumber : ${hex(8).toUpperCase()}; Model : PowerEdge R${number(900)}`,
  () => `S-1-5-21-${number(2 ** 32)}-${number(2 ** 32)}-${number(2 ** 32)}-${number(9999)}`,
  () => `{${randomUUID().toUpperCase()}} HKLM\\Software\\Classes\\CLSID\\{${randomUUID()}}`,
  () => `etag: W/"${hex(8)}-${base64(12)}", last-modified: Thu, 26 Nov 2026 21:51:08 GMT`,
  () =>
    `at Object.<anonymous> (/srv/app/dist/chunk-${base64(6).replace(/\W/g, 'x')}.js:${number(999)}:${number(99)})`,
  () =>
    `npm ERR! code E${number(600)} https://registry.npmjs.org/@scope/${word()}/-/${word()}-1.${number(9)}.${number(9)}.tgz`,
  () => `The user ${word()} changed the password policy of ${word()} on 2026-0${1 + number(8)}-1${number(9)}`,
  () => `${word()}.acme.example. 3600 IN TXT "v=DKIM1; k=rsa; p=${base64(160)}"`,
  () => `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA${base64(32)} tech@${word()}`,
];

interface Conversation {
  sessions: { turns: { text: string }[] }[];
}

const masked = (texts: readonly string[]) => texts.filter(text => redact(text) !== text);

it('leaves conversations of technicians as they are', () => {
  const conversations = generated().conversations as Conversation[];
  const texts = conversations.flatMap(({ sessions }) =>
    sessions.flatMap(({ turns }) => turns.map(one => one.text)),
  );
  expect(texts.length).toBeGreaterThanOrEqual(8_000);
  expect(masked(texts).length / texts.length).toBeLessThan(MOST);
});

it.each(ORDINARY.map((make, n) => [n, make] as const))(
  'leaves ordinary technical text as it is (%i)',
  (_, make) => {
    const texts = Array.from({ length: LINES / ORDINARY.length }, make);
    expect(masked(texts).length / texts.length).toBeLessThan(MOST);
  },
);
